"""Where did the NaN come from? `with detect_anomaly():` finds the op and the line.

It stops at the first op that makes a NaN, and names the line that called the op. While
it is off, an op pays for one look at a switch.
"""

import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ..backend import Array, is_array, xp_of
from .changes import same
from .errors import AnomalyError
from .switches import Switch

_PACKAGE = Path(__file__).parents[1]
_FILES = ("autograd", "convolution", "functional", "normalisation", "tensors")
_ENGINE = (
    *(str(_PACKAGE / f"{name}.py") for name in _FILES),
    *(str(_PACKAGE / folder) for folder in ("nn", "ops", "support")),
)


class detect_anomaly(Switch):
    """Inside, the first op that makes a NaN or an infinity raises AnomalyError.

    It may do so in its forward or in its backward. The error names the op, the shapes
    and ranges of its inputs, and the line that called it. It is also raised if an array
    was changed between forward and backward, in whatever way. Every array is examined
    and copied, so this is for finding faults, not for training. It holds for the thread
    or asynchronous task that is inside.
    PyTorch: `torch.autograd.detect_anomaly`, for backward only.
    """

    blocks = ContextVar("detect_anomaly", default=0)


is_on = detect_anomaly.blocks.get  # how many such blocks are open: what every op asks


def check_value(name: str, value: Array, inputs: Mapping[str, Any]) -> None:
    """Raise AnomalyError if the result of an op is not finite."""
    if trouble := _trouble(value):
        arrays = {key: x for key, x in inputs.items() if hasattr(x, "shape")}
        given = [
            f"{key} already holds {_trouble(x)}"
            for key, x in arrays.items()
            if _trouble(x)
        ]
        seen = ", ".join(f"{key} {describe(x)}" for key, x in arrays.items())
        cause = f": its input {', '.join(given)}" if given else ""
        raise AnomalyError(
            f"{name}: the result holds {trouble}{cause} (inputs: {seen}); "
            f"called at {caller()}"
        )


class Located:
    """A vjp that knows the line that called its op, and what its op's arrays held."""

    def __init__(self, vjp: Callable[[Array], Array], called_at: str, held: list):
        self.vjp = vjp
        self.called_at = called_at
        self.held = held

    def __call__(self, g: Array) -> Array:
        for role, array, values in self.held:
            if not same(array, values):
                raise AnomalyError(
                    f"{role} {array.shape} was changed between forward and backward, "
                    "so the gradient would be wrong; its forward was called at "
                    f"{self.called_at}"
                )
        return self.vjp(g)


def copies_of(inputs: Mapping[str, Any]) -> list[tuple[str, Array, Array]]:
    """(name, array, a copy) of every array that an op is about to be given."""
    return [(key, x, x.copy()) for key, x in inputs.items() if is_array(x)]


def located(vjps: tuple, value: Array, copies: list) -> tuple:
    """The vjps of an op that has just been called, with the line that called it.

    They also compare every array of the op with a copy: somebody who holds an array
    that a tensor was made of can change it without the tensor's knowledge. What the op
    itself has changed, such as a running mean, may change again.
    """
    held = [(key, x, values) for key, x, values in copies if same(x, values)]
    held.append(("the result", value, value.copy()))
    called_at = caller()
    return tuple(vjp and Located(vjp, called_at, held) for vjp in vjps)


def check_gradient(
    name: str, index: int, gradient: Array, g: Array, vjp: Callable[[Array], Array]
) -> None:
    """Raise AnomalyError if the gradient of input `index` is not finite."""
    if trouble := _trouble(gradient):
        called_at = getattr(vjp, "called_at", "an unknown line")
        raise AnomalyError(
            f"{name}: the vjp of input {index} made {trouble} out of g {describe(g)}; "
            f"its forward was called at {called_at}"
        )


def caller() -> str:
    """The innermost line outside the engine, as "file, line 12, in function"."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_ENGINE):
        frame = frame.f_back
    return (
        f"{frame.f_code.co_filename}, line {frame.f_lineno}, in {frame.f_code.co_name}"
    )


def describe(x: Array) -> str:
    """An array's shape and range, such as "(3, 4) from -1.5 to 2"."""
    xp = xp_of(x)
    finite = x[xp.isfinite(x)] if x.dtype.kind == "f" else x
    if finite.size == 0:
        return f"{x.shape}, no value finite" if x.size else f"{x.shape}, empty"
    return f"{x.shape} from {finite.min().item():.6g} to {finite.max().item():.6g}"


def _trouble(x: Array) -> str:
    """What x holds that is not finite: "NaN", "infinity", "NaN and infinity", or ""."""
    if x.dtype.kind != "f":
        return ""
    xp = xp_of(x)
    found = {"NaN": xp.isnan(x).any(), "infinity": xp.isinf(x).any()}
    return " and ".join(word for word in found if bool(found[word]))
