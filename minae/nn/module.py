"""Module: parameters together with the code that uses them. PyTorch: `nn.Module`."""

import inspect
from collections.abc import Iterator, Mapping
from reprlib import recursive_repr
from typing import Any

import numpy as np

from ..backend import to_device, to_numpy, xp_of
from ..support.argument_checks import check_wide
from ..tensors import Tensor
from .parameter_tree import Branch, Parameter, layers_of, parameters_of
from .summary import summary


class Module(Branch):
    """Something with parameters and a `forward`. Call it to run `forward`.

    It is an ordinary object: its parameters are found by searching it (see
    parameter_tree.py). Names of parameters are PyTorch's.
    """

    def forward(self, *args: Any, **options: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.forward(*args, **options)

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every (name, parameter), such as ("encoder.0.weight", ...).

        A parameter with two names appears once, under the first.
        """
        seen: set[int] = set()
        for name, parameter in self._by_name().items():
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield name, parameter

    def _by_name(self) -> dict[str, Parameter]:
        """Every parameter under each of its names, no name of which has two."""
        named: dict[str, Parameter] = {}
        for name, parameter in parameters_of(self):
            if named.setdefault(name, parameter) is not parameter:
                raise ValueError(
                    f"{type(self).__name__}: two parameters have the name {name}: "
                    "rename one of the attributes or keys"
                )
        return named

    def parameters(self) -> list[Parameter]:
        """Every parameter once, in the order in which they were assigned."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters():
            parameter.grad = None

    def to(self, device: str | None = None, dtype: Any = None) -> "Module":
        """Move the parameters to a device ("cpu", "cuda", "auto") or a floating dtype.

        The module itself is changed, and returned. Raises TypeError for another dtype,
        ValueError for another device.
        """
        if dtype is not None and not _is_floating(dtype):
            name = type(self).__name__
            raise TypeError(f"{name}.to: expected a floating dtype, found {dtype}")
        if dtype is not None:
            check_wide(f"{type(self).__name__}.to", np.dtype(dtype))
        for parameter in self.parameters():
            if dtype is not None:
                parameter.data = parameter.data.astype(dtype)
            if device is not None:
                parameter.data = to_device(parameter.data, device)
            parameter.grad = None
        return self

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of all parameters as NumPy arrays, with PyTorch's names and shapes."""
        named = self._by_name().items()
        return {name: to_numpy(parameter.data).copy() for name, parameter in named}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Copy the arrays of `state` into the parameters of the same names.

        Raises TypeError if `state` is not a dict. Raises ValueError, and loads nothing,
        if parameters are missing, unknown, of another shape, or not made of finite
        floating numbers. The message names them.
        """
        if not isinstance(state, Mapping):
            raise TypeError(
                f"{type(self).__name__}: expected a dict of arrays by name, "
                f"found {type(state).__name__}"
            )
        parameters = self._by_name()
        arrays = {
            name: _as_weights(state[name], parameter)
            for name, parameter in parameters.items()
            if name in state
        }
        wrong = [f"{name} is missing" for name in parameters if name not in state]
        wrong += [
            f"{_shown(name)} is unknown" for name in state if name not in parameters
        ]
        wrong += [
            f"{name} {told}" for name, told in arrays.items() if isinstance(told, str)
        ]
        if wrong:
            more = f"; and {len(wrong) - 20} more" if len(wrong) > 20 else ""
            raise ValueError(
                f"{type(self).__name__}: the weights do not fit this model: "
                f"{'; '.join(wrong[:20])}{more}"
            )
        for name, parameter in parameters.items():
            parameter.data[...] = xp_of(parameter.data).asarray(arrays[name])

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


def _as_weights(value: Any, parameter: Parameter) -> np.ndarray | str:
    """`value` as an array of the parameter's dtype, or what is wrong with it."""
    try:
        value = value.detach() if hasattr(value, "detach") else value
        array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    except Exception as error:  # whatever another library raises
        return f"is not an array but a {type(value).__name__} ({error})"
    if array.shape != parameter.shape:
        return f"has shape {array.shape}, expected {parameter.shape}"
    if array.dtype.kind != "f":
        return f"has dtype {array.dtype}, expected a floating one"
    with np.errstate(over="ignore"):  # isfinite() below finds any overflow
        array = array.astype(parameter.dtype)
    finite = np.isfinite(array).all()
    return array if finite else f"holds values that are not finite {parameter.dtype}"


def _shown(name: Any) -> str:
    """A name from a file, which may hold anything, as one short line."""
    text = str(name)
    return text if text.isprintable() and len(text) <= 80 else repr(text)[:80]


def _is_floating(dtype: Any) -> bool:
    try:
        return np.dtype(dtype).kind == "f"
    except TypeError:
        return False
