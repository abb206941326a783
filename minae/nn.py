"""Modules: parameters with the layers that use them. Names, parameter names and initialisation are PyTorch's.

A Module is an ordinary object. Its parameters are found by walking its attributes, in the order of their assignment,
through modules, lists, tuples and dicts; nothing needs to be registered.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from . import functional as F
from .backend import default_rng, to_device, to_numpy, xp_of
from .tensor import Tensor


class Parameter(Tensor):
    """A Tensor that a Module learns: it requires a gradient."""

    __slots__ = ()

    def __init__(self, data: Any):
        super().__init__(data, requires_grad=True)


class Module:
    """Something with parameters and a `forward`. Call it to run `forward`."""

    def forward(self, *args: Any, **options: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.forward(*args, **options)

    def children(self) -> Iterable[tuple[Any, Any]]:
        """The attributes, by name: where parameters are looked for."""
        return vars(self).items()

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every (name, parameter), such as ("encoder.0.weight", ...); a parameter with two names comes once."""
        seen: set[int] = set()
        for name, parameter in _walk(self, ""):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield name, parameter

    def parameters(self) -> list[Parameter]:
        """Every parameter once, in the order of assignment."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        for parameter in self.parameters():
            parameter.grad = None

    def to(self, device: str | None = None, dtype: Any = None) -> "Module":
        """Move the parameters to a device ("cpu", "cuda", "auto") or to another floating dtype, in place."""
        for parameter in self.parameters():
            if dtype is not None:
                parameter.data = parameter.data.astype(dtype)
            if device is not None:
                parameter.data = to_device(parameter.data, device)
            parameter.grad = None
        return self

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of all parameters as NumPy arrays, by name: PyTorch's names, shapes and layouts."""
        return {name: to_numpy(parameter.data).copy() for name, parameter in _walk(self, "")}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Copy the arrays of `state` into the parameters of the same names.

        Raises ValueError naming every parameter that is missing, unknown, or of another shape; then nothing is loaded.
        """
        parameters = dict(_walk(self, ""))
        arrays = {name: np.asarray(value) for name, value in state.items()}
        wrong = [f"{name} is missing" for name in parameters if name not in arrays]
        wrong += [f"{name} is unknown" for name in arrays if name not in parameters]
        wrong += [
            f"{name} has shape {arrays[name].shape}, expected {parameter.shape}"
            for name, parameter in parameters.items()
            if name in arrays and arrays[name].shape != parameter.shape
        ]
        if wrong:
            raise ValueError(f"{type(self).__name__}: the weights do not fit this model: {'; '.join(wrong)}")
        for name, parameter in parameters.items():
            parameter.data[...] = xp_of(parameter.data).asarray(arrays[name].astype(parameter.dtype))

    def extra_repr(self) -> str:
        """What stands between the parentheses of a layer's repr."""
        return ""

    def __repr__(self) -> str:
        children = [
            f"  ({name}): " + repr(child).replace("\n", "\n  ")
            for name, child in self.children()
            if isinstance(child, Module)
        ]
        inside = "\n" + "\n".join(children) + "\n" if children else self.extra_repr()
        return f"{type(self).__name__}({inside})"


def _walk(value: Any, name: str) -> Iterator[tuple[str, Parameter]]:
    """Every parameter at or below `value`, under its dotted name."""
    if isinstance(value, Parameter):
        yield name, value
    else:
        for key, child in _children(value):
            yield from _walk(child, f"{name}.{key}" if name else str(key))


def _children(value: Any) -> Iterable[tuple[Any, Any]]:
    """What `value` directly holds, with names: a module its children, a list its items, a dict its values."""
    if isinstance(value, Module):
        return value.children()
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, list | tuple):
        return enumerate(value)
    return ()


class Sequential(Module):
    """Layers applied one after the other."""

    def __init__(self, *layers: Any):
        self.layers = layers

    def children(self) -> Iterable[tuple[Any, Any]]:
        """The layers, by number: "0.weight", not "layers.0.weight"."""
        return enumerate(self.layers)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, index: int) -> Any:
        return self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)


class Linear(Module):
    """y = x Wᵀ + b.   weight (out_features, in_features), bias (out_features,).   PyTorch: `nn.Linear`.

    Both start uniform in ±1/√in_features, drawn from `rng` (a generator or a seed; None: fresh entropy).
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True, rng: Any = None):
        check_positive("Linear", in_features=in_features, out_features=out_features)
        rng = default_rng(rng)
        self.weight = Parameter(uniform_fan_in(rng, (out_features, in_features), in_features))
        self.bias = Parameter(uniform_fan_in(rng, (out_features,), in_features)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        outputs, inputs = self.weight.shape
        return f"in_features={inputs}, out_features={outputs}, bias={self.bias is not None}"


class Flatten(Module):
    """All axes from `start_dim` on as one: (N, C, H, W) -> (N, C·H·W)."""

    def __init__(self, start_dim: int = 1):
        self.start_dim = start_dim

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(self.start_dim)


class Unflatten(Module):
    """Axis `dim` as several: Unflatten(1, (C, H, W)) turns (N, C·H·W) into (N, C, H, W)."""

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]):
        self.dim = dim
        self.unflattened_size = tuple(unflattened_size)

    def forward(self, x: Tensor) -> Tensor:
        dim = self.dim % x.ndim
        return x.reshape(*x.shape[:dim], *self.unflattened_size, *x.shape[dim + 1 :])

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class ReLU(Module):
    """max(x, 0)"""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x)


class LeakyReLU(Module):
    """x where x > 0, else negative_slope * x"""

    def __init__(self, negative_slope: float = 0.01):
        self.negative_slope = negative_slope

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(x, self.negative_slope)


class Sigmoid(Module):
    """1 / (1 + e^-x)"""

    def forward(self, x: Tensor) -> Tensor:
        return F.sigmoid(x)


class Tanh(Module):
    """tanh x"""

    def forward(self, x: Tensor) -> Tensor:
        return F.tanh(x)


def uniform_fan_in(rng: Any, shape: tuple[int, ...], fan_in: int) -> np.ndarray:
    """float32 values uniform in ±1/√fan_in, on the host, so that a seed gives the same weights for every device.

    PyTorch's default for linear and convolutional layers: `kaiming_uniform_(a=√5)`.
    """
    bound = np.float32(1 / np.sqrt(fan_in))
    return (2 * rng.random(shape, dtype=np.float32) - 1) * bound


def check_positive(layer: str, **sizes: int) -> None:
    for name, size in sizes.items():
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(f"{layer}: {name} must be a whole number of at least 1, found {size!r}")
