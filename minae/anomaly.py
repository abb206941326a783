"""Where did the NaN come from? `with detect_anomaly():` stops at the first op that makes one, and names the line.

When it is off, an op pays for one look at a flag.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .backend import Array, xp_of
from .errors import AnomalyError

_ENGINE = tuple(
    str(Path(__file__).with_name(f"{name}.py"))
    for name in ("anomaly", "autograd", "convolution", "functional", "nn", "tensor")
)
active = False  # whether we are inside `detect_anomaly`: the flag that every op looks at


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Inside, the first op that makes a NaN or an infinity raises AnomalyError, in its forward or in its backward.

    The error names the op, the shapes and ranges of its inputs, and the line that called it. It costs a look at every
    array, so it is for finding faults, not for training. PyTorch: `torch.autograd.detect_anomaly`, for backward only.
    """
    global active
    before, active = active, True
    try:
        yield
    finally:
        active = before


def check_value(name: str, value: Array, inputs: Mapping[str, Any]) -> None:
    """Raise AnomalyError if the result of an op is not finite."""
    if trouble := _trouble(value):
        arrays = {key: x for key, x in inputs.items() if hasattr(x, "shape")}
        given = [f"{key} already holds {_trouble(x)}" for key, x in arrays.items() if _trouble(x)]
        seen = ", ".join(f"{key} {describe(x)}" for key, x in arrays.items())
        cause = f": its input {', '.join(given)}" if given else ""
        raise AnomalyError(f"{name}: the result holds {trouble}{cause} (inputs: {seen}); called at {caller()}")


def check_gradient(name: str, index: int, gradient: Array, g: Array, called_at: str) -> None:
    """Raise AnomalyError if what the vjp of input `index` made of g is not finite."""
    if trouble := _trouble(gradient):
        raise AnomalyError(
            f"{name}: the vjp of input {index} made {trouble} of g {describe(g)}; its forward was called at {called_at}"
        )


def caller() -> str:
    """The innermost line that called the engine from outside, as "file, line 12: code"."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename in _ENGINE:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}, in {frame.f_code.co_name}"


def describe(x: Array) -> str:
    """An array's shape and range, such as "(3, 4) from -1.5 to 2"."""
    xp = xp_of(x)
    finite = x[xp.isfinite(x)] if x.dtype.kind == "f" else x
    if finite.size == 0:
        return f"{x.shape}, nothing in it finite" if x.size else f"{x.shape}, empty"
    return f"{x.shape} from {finite.min().item():.6g} to {finite.max().item():.6g}"


def _trouble(x: Array) -> str:
    """ "NaN", "infinity", both, or "" """
    if x.dtype.kind != "f":
        return ""
    xp = xp_of(x)
    return " and ".join(
        word for word, found in (("NaN", xp.isnan(x).any()), ("infinity", xp.isinf(x).any())) if bool(found)
    )
