"""Modules and layers: `from minae import nn`, as with `torch.nn`."""

from .layers import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    Unflatten,
    Upsample,
)
from .module import Module
from .parameter_tree import Parameter

__all__ = [
    "AvgPool2d",
    "Conv2d",
    "ConvTranspose2d",
    "Flatten",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "Unflatten",
    "Upsample",
]
