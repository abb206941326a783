"""A model's loss as a function of its parameters alone, so that the gradient checker can move them."""

import numpy as np

from minae import Tensor
from minae.nn import Buffer, LeakyReLU, Module, ReLU, Sequential, Tanh


def as_function(model, loss):
    """f and x with f(x) = loss(), for x the Tensor of all parameters of the model in a row, in float64."""
    model.to(dtype=np.float64)
    slots = [(owner, name, value.data) for owner in _modules(model) for name, value in _own(owner)]

    def f(flat):
        start = 0
        for owner, name, value in slots:
            setattr(owner, name, flat[start : start + value.size].reshape(value.shape))
            start += value.size
        return loss()

    return f, Tensor(np.concatenate([value.ravel() for *_, value in slots]), requires_grad=True)


def smooth(model):
    """The model with tanh for every ReLU, which has a kink on the way of large steps."""
    for module in _modules(model):
        if isinstance(module, Sequential):
            module.layers = tuple(Tanh() if isinstance(layer, ReLU | LeakyReLU) else layer for layer in module.layers)
    return model


def _modules(module):
    yield module
    for _, child in module.children():
        if isinstance(child, Module):
            yield from _modules(child)


def _own(module):
    tensors = [(name, value) for name, value in vars(module).items() if isinstance(value, Tensor)]
    return [(name, value) for name, value in tensors if not isinstance(value, Buffer)]
