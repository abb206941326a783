"""The layers, with PyTorch's names, parameter names and initialisation."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .. import functional as F
from ..backend import default_rng, xp_of
from ..support.argument_checks import as_pair, check_number, check_positive, is_whole
from ..tensors import Tensor
from .initialisation import convolution_parameters, uniform_fan_in
from .module import Module
from .parameter_tree import Parameter


class Sequential(Module):
    """Layers applied one after another."""

    def __init__(self, *layers: Any):
        for layer in layers:
            if not callable(layer) or isinstance(layer, type):
                raise TypeError(
                    "Sequential: expected layers one by one, such as ReLU(), "
                    f"found {layer!r}"
                )
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


class Layer(Module):
    """A module that shows the arguments it was made with."""

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={x!r}" for name, x in self.arguments().items())


class Linear(Layer):
    """A linear layer, y = x Wᵀ + b.   PyTorch: `nn.Linear`.

    weight (out_features, in_features), bias (out_features,).
    Both start uniform in ±1/√in_features, drawn from `rng` (a generator or a seed;
    None: fresh entropy).
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, rng: Any = None
    ):
        check_positive("Linear", in_features=in_features, out_features=out_features)
        _check_bias("Linear", bias)
        rng = default_rng(rng)
        self.weight = Parameter(
            uniform_fan_in(rng, (out_features, in_features), in_features)
        )
        self.bias = (
            Parameter(uniform_fan_in(rng, (out_features,), in_features))
            if bias
            else None
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)

    def arguments(self) -> dict[str, Any]:
        outputs, inputs = self.weight.shape
        return {
            "in_features": inputs,
            "out_features": outputs,
            "bias": self.bias is not None,
        }


class Flatten(Module):
    """Merges all axes from `start_dim` on into one: (N, C, H, W) -> (N, C·H·W)."""

    def __init__(self, start_dim: int = 1):
        if not is_whole(start_dim):
            raise TypeError(
                f"Flatten: start_dim must be a whole number, found {start_dim!r}"
            )
        self.start_dim = start_dim

    def forward(self, x: Tensor) -> Tensor:
        _check_tensor("Flatten", x)
        return x.flatten(self.start_dim)


class Unflatten(Layer):
    """Splits axis `dim` into several.

    Unflatten(1, (C, H, W)) turns (N, C·H·W) into (N, C, H, W).
    """

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]):
        if not is_whole(dim):
            raise TypeError(f"Unflatten: dim must be a whole number, found {dim!r}")
        if not isinstance(unflattened_size, tuple | list) or not all(
            is_whole(size) for size in unflattened_size
        ):
            raise TypeError(
                "Unflatten: unflattened_size must be whole numbers (C, H, W), "
                f"found {unflattened_size!r}"
            )
        self.dim = dim
        self.unflattened_size = tuple(unflattened_size)

    def forward(self, x: Tensor) -> Tensor:
        _check_tensor("Unflatten", x)
        if not -x.ndim <= self.dim < x.ndim:
            raise ValueError(
                f"Unflatten: dim {self.dim} is out of range for shape {x.shape}"
            )
        dim = self.dim % x.ndim
        return x.reshape(*x.shape[:dim], *self.unflattened_size, *x.shape[dim + 1 :])


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


class GELU(Layer):
    """x Φ(x), for the share Φ of N(0, 1) below x.   PyTorch: `nn.GELU`."""

    def __init__(self, approximate: str = "none"):
        if approximate not in ("none", "tanh"):
            wanted = "GELU: approximate must be 'none' or 'tanh'"
            raise ValueError(f"{wanted}, found {approximate!r}")
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(x, self.approximate)


class SiLU(Module):
    """x sigmoid(x)"""

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(x)


class Embedding(Layer):
    """A vector for each of `num_embeddings` things.   PyTorch: `nn.Embedding`.

    weight (num_embeddings, embedding_dim) starts as draws from N(0, 1), by `rng` (a
    generator or a seed; None: fresh entropy).
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, rng: Any = None):
        sizes = {"num_embeddings": num_embeddings, "embedding_dim": embedding_dim}
        check_positive("Embedding", **sizes)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        shape = (num_embeddings, embedding_dim)
        self.weight = Parameter(
            default_rng(rng).standard_normal(shape, dtype=np.float32)
        )

    def forward(self, input: Any) -> Tensor:
        return F.embedding(input, self.weight)


class Softmax(Layer):
    """e^x / Σ e^x over `axis`, which PyTorch calls `dim`."""

    def __init__(self, axis: int = -1):
        if not is_whole(axis):
            raise TypeError(f"Softmax: axis must be a whole number, found {axis!r}")
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        return F.softmax(x, self.axis)


class Dropout(Layer):
    """Drops each number with probability p while it is trained.

    The others are divided by 1 - p. After eval() it changes nothing.
    Which are dropped, it draws from `rng` (a generator or a seed; None: fresh entropy).
    `minae.fit` gives it the generator of each epoch instead, so that a run that is
    resumed drops the same.   PyTorch: `nn.Dropout`.
    """

    def __init__(self, p: float = 0.5, rng: Any = None):
        check_number("Dropout: p", p, 0, 1)
        self.p = p
        self.rng = rng

    def forward(self, x: Tensor) -> Tensor:
        _check_tensor("Dropout", x)
        self.rng = default_rng(self.rng, xp_of(x.data))  # once, of a seed
        return F.dropout(x, self.p, self.training, rng=self.rng)


class Conv2d(Layer):
    """A convolution of images, y = conv2d(x, weight) + bias.   PyTorch: `nn.Conv2d`.

    weight (out, in, kh, kw), bias (out,).
    Both start uniform in ±1/√(in·kh·kw), drawn from `rng` (a generator or a seed;
    None: fresh entropy).
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

    def arguments(self) -> dict[str, Any]:
        out_channels, in_channels = self.weight.shape[:2]
        return {
            "in_channels": in_channels,
            "out_channels": out_channels,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": self.padding,
            "bias": self.bias is not None,
        }


class ConvTranspose2d(Layer):
    """A transposed convolution of images, y = conv_transpose2d(x, weight) + bias.

    weight (in, out, kh, kw), bias (out,).   PyTorch: `nn.ConvTranspose2d`.
    Both start uniform in ±1/√(out·kh·kw). PyTorch counts the second axis of any weight
    as its inputs, and this layer does the same.
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
        check_positive(
            "ConvTranspose2d", in_channels=in_channels, out_channels=out_channels
        )
        _check_bias("ConvTranspose2d", bias)
        self.kernel_size = as_pair("ConvTranspose2d: kernel_size", kernel_size, 1)
        self.stride = as_pair("ConvTranspose2d: stride", stride, 1)
        self.padding = as_pair("ConvTranspose2d: padding", padding, 0)
        self.output_padding = as_pair(
            "ConvTranspose2d: output_padding", output_padding, 0
        )
        shape = (in_channels, out_channels, *self.kernel_size)
        self.weight, self.bias = convolution_parameters(shape, out_channels, bias, rng)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(
            x, self.weight, self.bias, self.stride, self.padding, self.output_padding
        )

    def arguments(self) -> dict[str, Any]:
        in_channels, out_channels = self.weight.shape[:2]
        return {
            "in_channels": in_channels,
            "out_channels": out_channels,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": self.padding,
            "output_padding": self.output_padding,
            "bias": self.bias is not None,
        }


class Pool2d(Layer):
    """What the poolings share: the size of the window, and how it moves."""

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0):
        name = type(self).__name__
        stride = kernel_size if stride is None else stride
        self.kernel_size = as_pair(f"{name}: kernel_size", kernel_size, 1)
        self.stride = as_pair(f"{name}: stride", stride, 1)
        self.padding = as_pair(f"{name}: padding", padding, 0)


class MaxPool2d(Pool2d):
    """The largest number in each window.   PyTorch: `nn.MaxPool2d`."""

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, self.kernel_size, self.stride, self.padding)


class AvgPool2d(Pool2d):
    """The mean of each window, with padding counted as zeros.

    PyTorch: `nn.AvgPool2d`.
    """

    def forward(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(x, self.kernel_size, self.stride, self.padding)


class Upsample(Layer):
    """Repeats each pixel as a block of equal pixels, scale_factor high and wide.

    The factor has to be passed by name, because PyTorch's first argument is a different
    one.
    """

    def __init__(self, *, scale_factor: int | tuple[int, int], mode: str = "nearest"):
        if mode != "nearest":
            raise ValueError(f"Upsample: mode must be 'nearest', found {mode!r}")
        self.scale_factor = as_pair("Upsample: scale_factor", scale_factor, 1)
        self.mode = mode

    def forward(self, x: Tensor) -> Tensor:
        return F.upsample_nearest2d(x, self.scale_factor)


def _check_bias(layer: str, bias: bool) -> None:
    if not isinstance(bias, bool):
        raise TypeError(f"{layer}: bias must be True or False, found {bias!r}")


def _check_tensor(layer: str, x: Any) -> None:
    if not isinstance(x, Tensor):
        raise TypeError(f"{layer}: expected a Tensor, found {type(x).__name__}")
