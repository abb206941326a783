"""The initial values of weights, drawn from the same distributions as PyTorch's."""

from typing import Any

import numpy as np

from ..backend import default_rng
from .parameter_tree import Parameter


def uniform_fan_in(rng: Any, shape: tuple[int, ...], fan_in: int) -> np.ndarray:
    """float32 values, uniform between -1/√fan_in and 1/√fan_in.

    They are drawn on the host, so that a seed gives the same weights on every device.
    PyTorch's default for linear and convolutional layers: `kaiming_uniform_(a=√5)`.
    """
    bound = np.float32(1 / np.sqrt(fan_in))
    return (2 * rng.random(shape, dtype=np.float32) - 1) * bound


def convolution_parameters(
    shape: tuple[int, ...], out_channels: int, bias: bool, rng: Any
) -> Any:
    """Weight and bias (or None) of a convolution, distributed as PyTorch's.

    Here fan_in is shape[1]·kh·kw.
    """
    rng, fan_in = default_rng(rng), int(np.prod(shape[1:]))
    weight = Parameter(uniform_fan_in(rng, shape, fan_in))
    shifts = Parameter(uniform_fan_in(rng, (out_channels,), fan_in)) if bias else None
    return weight, shifts
