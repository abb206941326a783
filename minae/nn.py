"""Modules: parameters with the layers that use them. Names, parameter names and initialisation are PyTorch's.

A Module is an ordinary object. Its parameters are found by walking its attributes, in the order of their assignment,
through modules, lists, tuples and dicts; nothing needs to be registered.
"""

from collections.abc import Iterable, Iterator, Mapping
from reprlib import recursive_repr
from typing import Any

import numpy as np

from . import functional as F
from .backend import default_rng, to_device, to_numpy, xp_of
from .checks import as_pair, check_number, check_whole, is_whole
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
        if dtype is not None and not _is_floating(dtype):
            raise TypeError(f"{type(self).__name__}.to: expected a floating dtype, found {dtype}")
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

        Raises ValueError naming the parameters that are missing, unknown, of another shape, or not made of finite
        floating numbers; then nothing is loaded. TypeError where `state` is no dict.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"{type(self).__name__}: expected a dict of arrays by name, found {type(state).__name__}")
        parameters = dict(_walk(self, ""))
        arrays = {name: _weights(state[name], parameter) for name, parameter in parameters.items() if name in state}
        wrong = [f"{name} is missing" for name in parameters if name not in state]
        wrong += [f"{_shown(name)} is unknown" for name in state if name not in parameters]
        wrong += [f"{name} {found}" for name, found in arrays.items() if isinstance(found, str)]
        if wrong:
            found = "; ".join(wrong[:20]) + (f"; and {len(wrong) - 20} more" if len(wrong) > 20 else "")
            raise ValueError(f"{type(self).__name__}: the weights do not fit this model: {found}")
        for name, parameter in parameters.items():
            parameter.data[...] = xp_of(parameter.data).asarray(arrays[name])

    def summary(self, input_shape: Any = None, *others: Any) -> str:
        """A table of all layers and their numbers of parameters; given an input, also of the shapes that they make.

        A parameter counts once: where it is met again, the table says "shared". A layer that is called several times
        lists its different shapes; one that is not called by name, such as a likelihood, has none.

        Args:
            input_shape: the shape of a batch, such as (1, 1, 28, 28), for zeros of it; or a sample, a Tensor or array.
            others: what forward() takes besides, such as labels. A tuple is a shape here, too.

        The shapes are those of forward(), run once without recording; of `losses` in a model that has no forward().

        Raises TypeError for an input that is neither, and where forward() needs more; ValueError for what is no shape;
        and whatever forward() raises for an input that does not fit.
        """
        from .summary import summary  # here, as that file needs this one

        return summary(self, input_shape, *others)

    def extra_repr(self) -> str:
        """What stands between the parentheses of a layer's repr."""
        return ""

    @recursive_repr()
    def __repr__(self) -> str:
        children = [f"  ({name}): " + repr(child).replace("\n", "\n  ") for name, child in layers_of(self)]
        inside = "\n" + "\n".join(children) + "\n" if children else self.extra_repr()
        return f"{type(self).__name__}({inside})"


def _weights(value: Any, parameter: Parameter) -> np.ndarray | str:
    """`value` as an array of the parameter's dtype, or what is wrong with it."""
    try:
        array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    except (ValueError, TypeError):
        return f"is no array, but a {type(value).__name__}"
    if array.shape != parameter.shape:
        return f"has shape {array.shape}, expected {parameter.shape}"
    if array.dtype.kind != "f":
        return f"has dtype {array.dtype}, expected a floating one"
    with np.errstate(over="ignore"):  # it is seen in the next line
        array = array.astype(parameter.dtype)
    return array if np.isfinite(array).all() else f"holds what is no finite {parameter.dtype}"


def _shown(name: Any) -> str:
    """A name from a file, which may hold anything, in one short line."""
    text = str(name)
    return text if text.isprintable() and len(text) <= 80 else repr(text)[:80]


def _is_floating(dtype: Any) -> bool:
    try:
        return np.dtype(dtype).kind == "f"
    except TypeError:
        return False


def _walk(value: Any, name: str, above: tuple[Any, ...] = ()) -> Iterator[tuple[str, Parameter]]:
    """Every parameter at or below `value`, under its dotted name; `above` is what `value` lies in."""
    if isinstance(value, Parameter):
        yield name, value
        return
    if any(value is outer for outer in above):
        raise ValueError(f"{type(above[0]).__name__}: {name} holds the module again, so that names would never end")
    for key, child in children_of(value):
        yield from _walk(child, f"{name}.{key}" if name else str(key), (*above, value))


def layers_of(value: Any) -> Iterator[tuple[str, "Module"]]:
    """The modules right below `value`, also those in lists, tuples and dicts."""
    for key, child in children_of(value):
        if isinstance(child, Module):
            yield str(key), child
        else:
            yield from ((f"{key}.{name}", layer) for name, layer in layers_of(child))


def children_of(value: Any) -> Iterable[tuple[Any, Any]]:
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
        for layer in layers:
            if not callable(layer) or isinstance(layer, type):
                raise TypeError(f"Sequential: expected layers one by one, such as ReLU(), found {layer!r}")
        self.layers = layers

    def children(self) -> Iterable[tuple[Any, Any]]:
        """The layers, by number: "0.weight", not "layers.0.weight"."""
        return enumerate(self.layers)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

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
        _check_bias("Linear", bias)
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
        if not is_whole(start_dim):
            raise TypeError(f"Flatten: start_dim must be a whole number, found {start_dim!r}")
        self.start_dim = start_dim

    def forward(self, x: Tensor) -> Tensor:
        _check_tensor("Flatten", x)
        return x.flatten(self.start_dim)


class Unflatten(Module):
    """Axis `dim` as several: Unflatten(1, (C, H, W)) turns (N, C·H·W) into (N, C, H, W)."""

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]):
        if not is_whole(dim):
            raise TypeError(f"Unflatten: dim must be a whole number, found {dim!r}")
        if not isinstance(unflattened_size, tuple | list) or not all(is_whole(size) for size in unflattened_size):
            raise TypeError(f"Unflatten: unflattened_size must be whole numbers (C, H, W), found {unflattened_size!r}")
        self.dim = dim
        self.unflattened_size = tuple(unflattened_size)

    def forward(self, x: Tensor) -> Tensor:
        _check_tensor("Unflatten", x)
        if not -x.ndim <= self.dim < x.ndim:
            raise ValueError(f"Unflatten: dim {self.dim} is out of range for shape {x.shape}")
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
        check_number("LeakyReLU: negative_slope", negative_slope)
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


class Conv2d(Module):
    """y = conv2d(x, weight) + bias.   weight (out, in, kh, kw), bias (out,).   PyTorch: `nn.Conv2d`.

    Both start uniform in ±1/√(in·kh·kw), drawn from `rng` (a generator or a seed; None: fresh entropy).
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        *,
        bias: bool = True,
        rng: Any = None,
    ):
        check_positive("Conv2d", in_channels=in_channels, out_channels=out_channels)
        _check_bias("Conv2d", bias)
        self.kernel_size = as_pair("Conv2d: kernel_size", kernel_size, 1)
        self.stride = as_pair("Conv2d: stride", stride, 1)
        self.padding = as_pair("Conv2d: padding", padding, 0)
        shape = (out_channels, in_channels, *self.kernel_size)
        self.weight, self.bias = convolution_parameters(shape, out_channels, bias, rng)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding)

    def extra_repr(self) -> str:
        out_channels, in_channels = self.weight.shape[:2]
        return (
            f"in_channels={in_channels}, out_channels={out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, padding={self.padding}, bias={self.bias is not None}"
        )


class ConvTranspose2d(Module):
    """y = conv_transpose2d(x, weight) + bias.   weight (in, out, kh, kw), bias (out,).   PyTorch: `nn.ConvTranspose2d`.

    Both start uniform in ±1/√(out·kh·kw): PyTorch takes the second axis of any weight for its inputs, here too.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        output_padding: int | tuple[int, int] = 0,
        *,
        bias: bool = True,
        rng: Any = None,
    ):
        check_positive("ConvTranspose2d", in_channels=in_channels, out_channels=out_channels)
        _check_bias("ConvTranspose2d", bias)
        self.kernel_size = as_pair("ConvTranspose2d: kernel_size", kernel_size, 1)
        self.stride = as_pair("ConvTranspose2d: stride", stride, 1)
        self.padding = as_pair("ConvTranspose2d: padding", padding, 0)
        self.output_padding = as_pair("ConvTranspose2d: output_padding", output_padding, 0)
        shape = (in_channels, out_channels, *self.kernel_size)
        self.weight, self.bias = convolution_parameters(shape, out_channels, bias, rng)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(x, self.weight, self.bias, self.stride, self.padding, self.output_padding)

    def extra_repr(self) -> str:
        in_channels, out_channels = self.weight.shape[:2]
        return (
            f"in_channels={in_channels}, out_channels={out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, padding={self.padding}, output_padding={self.output_padding}, "
            f"bias={self.bias is not None}"
        )


class MaxPool2d(Module):
    """The largest number in each window.   PyTorch: `nn.MaxPool2d`."""

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0):
        self.kernel_size = as_pair("MaxPool2d: kernel_size", kernel_size, 1)
        self.stride = self.kernel_size if stride is None else as_pair("MaxPool2d: stride", stride, 1)
        self.padding = as_pair("MaxPool2d: padding", padding, 0)

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, self.kernel_size, self.stride, self.padding)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(Module):
    """The mean of each window, in which padding counts as zeros.   PyTorch: `nn.AvgPool2d`."""

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0):
        self.kernel_size = as_pair("AvgPool2d: kernel_size", kernel_size, 1)
        self.stride = self.kernel_size if stride is None else as_pair("AvgPool2d: stride", stride, 1)
        self.padding = as_pair("AvgPool2d: padding", padding, 0)

    def forward(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(x, self.kernel_size, self.stride, self.padding)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class Upsample(Module):
    """Each pixel as a block of scale_factor equal ones; by name only, as PyTorch's first argument is another."""

    def __init__(self, *, scale_factor: int | tuple[int, int], mode: str = "nearest"):
        if mode != "nearest":
            raise ValueError(f"Upsample: mode must be 'nearest', found {mode!r}")
        self.scale_factor = as_pair("Upsample: scale_factor", scale_factor, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.upsample_nearest2d(x, self.scale_factor)

    def extra_repr(self) -> str:
        return f"scale_factor={self.scale_factor}, mode='nearest'"


def uniform_fan_in(rng: Any, shape: tuple[int, ...], fan_in: int) -> np.ndarray:
    """float32 values uniform in ±1/√fan_in, on the host, so that a seed gives the same weights for every device.

    PyTorch's default for linear and convolutional layers: `kaiming_uniform_(a=√5)`.
    """
    bound = np.float32(1 / np.sqrt(fan_in))
    return (2 * rng.random(shape, dtype=np.float32) - 1) * bound


def convolution_parameters(shape: tuple[int, ...], out_channels: int, bias: bool, rng: Any) -> Any:
    """Weight and bias (or None) of a convolution, in PyTorch's initial distribution: fan_in is shape[1]·kh·kw."""
    rng, fan_in = default_rng(rng), int(np.prod(shape[1:]))
    weight = Parameter(uniform_fan_in(rng, shape, fan_in))
    return weight, Parameter(uniform_fan_in(rng, (out_channels,), fan_in)) if bias else None


def check_positive(layer: str, **sizes: int) -> None:
    for name, size in sizes.items():
        check_whole(f"{layer}: {name}", size, 1)


def _check_bias(layer: str, bias: bool) -> None:
    if not isinstance(bias, bool):
        raise TypeError(f"{layer}: bias must be True or False, found {bias!r}")


def _check_tensor(layer: str, x: Any) -> None:
    if not isinstance(x, Tensor):
        raise TypeError(f"{layer}: expected a Tensor, found {type(x).__name__}")
