"""The layers that normalise, with PyTorch's names, parameters and buffers."""

from typing import Any

import numpy as np

from .. import functional as F
from ..support.argument_checks import as_shape, check_number, check_positive
from ..tensors import Tensor
from .layers import Layer
from .parameter_tree import Buffer, Parameter


class BatchNorm(Layer):
    """What the batch normalisations share; they differ in the shapes they take.

    weight, bias, running_mean and running_var (num_features,): all start at 0 or 1.
    While it is trained, it normalises by the batch, and its buffers follow; after
    eval() it normalises by the buffers. Where a batch goes through the network in parts
    (`Model.at_once`), each part is a batch.
    """

    axes: tuple[int, ...] = ()  # how many axes the input may have
    shapes = ""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = True,
    ):
        name = type(self).__name__
        check_positive(name, num_features=num_features)
        check_number(f"{name}: eps", eps, 0)
        check_number(f"{name}: momentum", momentum, 0)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine = affine
        self.weight, self.bias = ones_and_zeros((num_features,), affine, affine)
        self.running_mean = Buffer(np.zeros(num_features, np.float32))
        self.running_var = Buffer(np.ones(num_features, np.float32))
        self.num_batches_tracked = Buffer(np.zeros((), np.int64))

    def forward(self, x: Tensor) -> Tensor:
        if getattr(x, "ndim", None) not in self.axes:
            found = getattr(x, "shape", type(x).__name__)
            raise ValueError(
                f"{type(self).__name__}: expected a Tensor {self.shapes}, found {found}"
            )
        if self.training:
            self.num_batches_tracked.data += 1
        running = self.running_mean.data, self.running_var.data
        rest = self.training, self.momentum, self.eps
        return F.batch_norm(x, *running, self.weight, self.bias, *rest)


class BatchNorm1d(BatchNorm):
    """Batch normalisation of (N, C) or (N, C, L).   PyTorch: `nn.BatchNorm1d`."""

    axes, shapes = (2, 3), "(N, C) or (N, C, L)"


class BatchNorm2d(BatchNorm):
    """Batch normalisation of images (N, C, H, W).   PyTorch: `nn.BatchNorm2d`."""

    axes, shapes = (4,), "(N, C, H, W)"


class LayerNorm(Layer):
    """Normalises the last axes of each example.   PyTorch: `nn.LayerNorm`.

    weight and bias have the shape of these axes, and start at 1 and 0.
    """

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ):
        shape = as_shape("LayerNorm: normalized_shape", normalized_shape)
        check_number("LayerNorm: eps", eps, 0)
        self.normalized_shape, self.eps = shape, eps
        self.elementwise_affine = elementwise_affine
        self.weight, self.bias = ones_and_zeros(
            shape, elementwise_affine, elementwise_affine and bias
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def arguments(self) -> dict[str, Any]:
        return {
            "normalized_shape": self.normalized_shape,
            "eps": self.eps,
            "elementwise_affine": self.elementwise_affine,
            "bias": self.bias is not None,
        }


class GroupNorm(Layer):
    """Normalises groups of channels of each example.   PyTorch: `nn.GroupNorm`.

    weight and bias (num_channels,) start at 1 and 0.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
    ):
        check_positive("GroupNorm", num_groups=num_groups, num_channels=num_channels)
        check_number("GroupNorm: eps", eps, 0)
        if num_channels % num_groups:
            raise ValueError(
                "GroupNorm: num_channels must be a multiple of num_groups, "
                f"found {num_channels} and {num_groups}"
            )
        self.num_groups, self.num_channels = num_groups, num_channels
        self.eps, self.affine = eps, affine
        self.weight, self.bias = ones_and_zeros((num_channels,), affine, affine)

    def forward(self, x: Tensor) -> Tensor:
        return F.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)


def ones_and_zeros(shape: tuple[int, ...], weight: bool, bias: bool) -> Any:
    """A weight of ones and a bias of zeros; None for each that is not wanted."""
    return (
        Parameter(np.ones(shape, np.float32)) if weight else None,
        Parameter(np.zeros(shape, np.float32)) if bias else None,
    )
