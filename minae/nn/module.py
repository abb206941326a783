"""Module: parameters together with the code that uses them. PyTorch: `nn.Module`."""

import inspect
from collections.abc import Iterator, Mapping
from reprlib import recursive_repr
from typing import Any

import numpy as np

from ..backend import to_device, to_numpy, xp_of
from ..support.argument_checks import check_wide
from ..tensors import Tensor
from .parameter_tree import Branch, Buffer, Parameter, layers_of, weights_of
from .summary import summary


class Module(Branch):
    """Something with parameters and a `forward`. Call it to run `forward`.

    It is an ordinary object: its parameters are found by searching it (see
    parameter_tree.py). Names of parameters are PyTorch's.
    """

    training = True  # whether train() was called last, or eval()

    def forward(self, *args: Any, **options: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.forward(*args, **options)

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every (name, parameter), such as ("encoder.0.weight", ...).

        A parameter with two names appears once, under the first.
        """
        return self._named(Parameter)

    def named_buffers(self) -> Iterator[tuple[str, Buffer]]:
        """Every (name, buffer), such as ("encoder.1.running_mean", ...)."""
        return self._named(Buffer)

    def _named(self, kind: Any) -> Iterator[tuple[str, Any]]:
        """Those of a kind, each once."""
        seen: set[int] = set()
        for name, weight in self._by_name().items():
            if isinstance(weight, kind) and id(weight) not in seen:
                seen.add(id(weight))
                yield name, weight

    def _by_name(self) -> dict[str, Parameter | Buffer]:
        """Every parameter and buffer under each of its names; no name has two."""
        named: dict[str, Parameter | Buffer] = {}
        for name, weight in weights_of(self):
            if named.setdefault(name, weight) is not weight:
                raise ValueError(
                    f"{type(self).__name__}: two parameters have the name {name}: "
                    "rename one of the attributes or keys"
                )
        return named

    def parameters(self) -> list[Parameter]:
        """Every parameter once, in the order in which they were assigned."""
        return [parameter for _, parameter in self.named_parameters()]

    def buffers(self) -> list[Buffer]:
        """Every buffer once."""
        return [buffer for _, buffer in self.named_buffers()]

    def modules(self) -> list["Module"]:
        """This module and all below it, each once."""
        found: list[Module] = [self]
        for module in found:  # which grows on the way
            for _, layer in layers_of(module):
                if not any(layer is known for known in found):
                    found.append(layer)
        return found

    def train(self, mode: bool = True) -> "Module":
        """Tell this module, and all below it, that they are trained; returns it.

        Dropout then drops, and batch normalisation uses the batch. A new module is in
        this mode. `training` tells the mode.
        """
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> "Module":
        """Tell this module, and all below it, that they are used, as train(False)."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters():
            parameter.grad = None

    def to(self, device: str | None = None, dtype: Any = None) -> "Module":
        """Move all weights to a device ("cpu", "cuda", "auto") or a floating dtype.

        These are the parameters and buffers; buffers of whole numbers keep their dtype.
        The module itself is changed, and returned. Raises TypeError for another dtype,
        ValueError for another device.
        """
        if dtype is not None and not _is_floating(dtype):
            name = type(self).__name__
            raise TypeError(f"{name}.to: expected a floating dtype, found {dtype}")
        if dtype is not None:
            check_wide(f"{type(self).__name__}.to", np.dtype(dtype))
        for weight in [*self.parameters(), *self.buffers()]:
            if dtype is not None and weight.dtype.kind == "f":
                weight.data = weight.data.astype(dtype)
            if device is not None:
                weight.data = to_device(weight.data, device)
            weight.grad = None
        return self

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of all parameters and buffers, with PyTorch's names and shapes.

        They are NumPy arrays.
        """
        named = self._by_name().items()
        return {name: to_numpy(weight.data).copy() for name, weight in named}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Copy the arrays of `state` into the parameters and buffers of the same names.

        Raises TypeError if `state` is not a dict. Raises ValueError, and loads nothing,
        if some are missing, unknown, of another shape, or not made of finite floating
        numbers (whole ones, for a buffer of those). The message names them.
        """
        if not isinstance(state, Mapping):
            raise TypeError(
                f"{type(self).__name__}: expected a dict of arrays by name, "
                f"found {type(state).__name__}"
            )
        weights = self._by_name()
        arrays = {
            name: _as_weights(state[name], weight)
            for name, weight in weights.items()
            if name in state
        }
        wrong = [f"{name} is missing" for name in weights if name not in state]
        wrong += [f"{_shown(name)} is unknown" for name in state if name not in weights]
        wrong += [
            f"{name} {told}" for name, told in arrays.items() if isinstance(told, str)
        ]
        if wrong:
            more = f"; and {len(wrong) - 20} more" if len(wrong) > 20 else ""
            raise ValueError(
                f"{type(self).__name__}: the weights do not fit this model: "
                f"{'; '.join(wrong[:20])}{more}"
            )
        for name, weight in weights.items():
            weight.data[...] = xp_of(weight.data).asarray(arrays[name])

    def arguments(self) -> dict[str, Any]:
        """The arguments with which the class makes a module like this one.

        They do not include the weights, nor `rng`. Each argument of `__init__` is read
        from the attribute of the same name, as in scikit-learn's `get_params`.
        Raises AttributeError if there is no such attribute: keep it, as
        `self.hidden = hidden`, or write an `arguments()` of your own.
        """
        names = [
            name for name in inspect.signature(type(self)).parameters if name != "rng"
        ]
        if missing := [name for name in names if not hasattr(self, name)]:
            raise AttributeError(
                f"{type(self).__name__} does not keep its argument {missing[0]!r}: "
                f"write self.{missing[0]} = {missing[0]} in __init__"
            )
        return {name: getattr(self, name) for name in names}

    def summary(self, input_shape: Any = None, *others: Any) -> str:
        """A table of all layers and their numbers of parameters.

        Given an input, it also shows the shapes that the layers make. For that, it runs
        forward() once without recording, or `losses` in a model that has no forward().
        A parameter counts once: where it appears again, the table says "shared".
        A layer that is called several times lists its different shapes. A layer whose
        forward() is not called, such as a likelihood, has none.

        Args:
            input_shape: the shape of a batch of zeros, such as (1, 1, 28, 28); or a
                sample, a Tensor or array.
            others: what else forward() takes, such as labels. A tuple is again a shape.

        Raises TypeError for an input that is neither, and if forward() needs more.
        Raises ValueError for a tuple that is not a shape, and whatever forward() raises
        for an input that does not fit.
        """
        has_forward = type(self).forward is not Module.forward
        method = "forward" if has_forward or not hasattr(self, "losses") else "losses"
        return summary(self, method, input_shape, *others)

    def extra_repr(self) -> str:
        """What a layer's repr shows between its parentheses."""
        return ""

    @recursive_repr()
    def __repr__(self) -> str:
        children = [
            f"  ({name}): " + repr(child).replace("\n", "\n  ")
            for name, child in layers_of(self)
        ]
        inside = "\n" + "\n".join(children) + "\n" if children else self.extra_repr()
        return f"{type(self).__name__}({inside})"


def _as_weights(value: Any, weight: Parameter | Buffer) -> np.ndarray | str:
    """`value` as an array of the weight's dtype, or what is wrong with it."""
    try:
        value = value.detach() if hasattr(value, "detach") else value
        array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    except Exception as error:  # whatever another library raises
        return f"is not an array but a {type(value).__name__} ({error})"
    if array.shape != weight.shape:
        return f"has shape {array.shape}, expected {weight.shape}"
    floating = weight.dtype.kind == "f"
    if array.dtype.kind not in ("f" if floating else "iu"):
        wanted = "a floating one" if floating else "whole numbers"
        return f"has dtype {array.dtype}, expected {wanted}"
    with np.errstate(over="ignore"):  # isfinite() below finds any overflow
        array = array.astype(weight.dtype)
    finite = np.isfinite(array).all()
    return array if finite else f"holds values that are not finite {weight.dtype}"


def _shown(name: Any) -> str:
    """A name from a file, which may hold anything, as one short line."""
    text = str(name)
    return text if text.isprintable() and len(text) <= 80 else repr(text)[:80]


def _is_floating(dtype: Any) -> bool:
    try:
        return np.dtype(dtype).kind == "f"
    except TypeError:
        return False
