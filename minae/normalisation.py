"""Normalisation: over a batch, a layer, or groups of channels.

All three subtract a mean and divide by a standard deviation, x̂ = (x - mean) / std with
std = √(var + eps), and then scale and shift, y = weight x̂ + bias. They differ in which
numbers share a mean. Where the variance overflows, x̂ is 0 (in PyTorch NaN). Names,
argument order and defaults are those of `torch.nn.functional`. Each op raises TypeError
for inputs that are not floating or not of one dtype, and ValueError for shapes that do
not fit.
"""

import math

from .backend import xp_of
from .support.argument_checks import (
    as_shape,
    check_arrays,
    check_floats,
    check_number,
    check_whole,
)
from .support.sums import wide_sum
from .tensors import differentiable

__all__ = ["batch_norm", "group_norm", "layer_norm"]


@differentiable
def batch_norm(
    x,
    running_mean,
    running_var,
    weight=None,
    bias=None,
    training=False,
    momentum=0.1,
    eps=1e-5,
):
    """y = weight x̂ + bias, with one mean and one variance for each channel

    With training=True they are the batch's (the variance without correction), and
    running_mean and running_var (either may be None) follow them, in place:
    running ← (1 - momentum) running + momentum (the batch's, here with correction 1).
    Otherwise they are running_mean and running_var, which are constants.
    dL/dx = (ĝ - mean ĝ - x̂ mean(ĝ x̂)) / std with ĝ = weight g and means over the
    channel; without training ĝ / std.   dL/dweight = Σ g x̂,   dL/dbias = Σ g.
    Shapes: x (N, C, ...), all others (C,).
    PyTorch: `F.batch_norm`. Source: Ioffe & Szegedy 2015, "Batch normalization:
    accelerating deep network training by reducing internal covariate shift".
    """
    check_arrays(x=x)
    if x.ndim < 2:
        raise ValueError("expected x (N, C, ...)")
    running = {"running_mean": running_mean, "running_var": running_var}
    _check(x, eps, **running, weight=weight, bias=bias)
    _check_shapes(x.shape[1:2], *running.values(), weight, bias)
    check_number("momentum", momentum, 0)
    others = (0, *range(2, x.ndim))
    if training:
        x_hat, mean, var, grad_x = _normalise(x, others, eps)
        n = x.size // max(mean.size, 1)
        _follow(running_mean, mean, momentum)
        _follow(running_var, var * (n / (n - 1)), momentum)
    else:
        x_hat, grad_x = _normalise_by(x, running_mean, running_var, eps)
    y, (grad_x, grad_weight, grad_bias) = _affine(x_hat, grad_x, weight, bias, others)
    return y, (grad_x, None, None, grad_weight, grad_bias)


@differentiable
def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """y = weight x̂ + bias, with one mean and one variance for each example

    or whatever the last axes, those of `normalized_shape`, make up.
    dL/dx = (ĝ - mean ĝ - x̂ mean(ĝ x̂)) / std with ĝ = weight g and means over these
    axes,   dL/dweight = Σ g x̂,   dL/dbias = Σ g. Of equal numbers x̂ is 0.
    Shapes: x (..., *normalized_shape), weight and bias normalized_shape.
    PyTorch: `F.layer_norm`. Source: Ba, Kiros & Hinton 2016, "Layer normalization".
    """
    _check(x, eps, weight=weight, bias=bias)
    shape = as_shape("normalized_shape", normalized_shape)
    if x.shape[-len(shape) :] != shape:
        raise ValueError(f"expected x (..., *normalized_shape), found {shape}")
    _check_shapes(shape, weight, bias)
    others = tuple(range(x.ndim - len(shape)))
    x_hat, _, _, grad_x = _normalise(x, tuple(range(x.ndim))[len(others) :], eps)
    y, (grad_x, grad_weight, grad_bias) = _affine(x_hat, grad_x, weight, bias, others)
    return y, (grad_x, None, grad_weight, grad_bias)


@differentiable
def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    """y = weight x̂ + bias, with one mean and variance for each group of each example

    A group is C / num_groups neighbouring channels. weight and bias are the channels'.
    dL/dx = (ĝ - mean ĝ - x̂ mean(ĝ x̂)) / std with ĝ = weight g and means over the
    group,   dL/dweight = Σ g x̂,   dL/dbias = Σ g.
    Shapes: x (N, C, ...), weight and bias (C,).
    PyTorch: `F.group_norm`. Source: Wu & He 2018, "Group normalization".
    """
    _check(x, eps, weight=weight, bias=bias)
    check_whole("num_groups", num_groups, 1)
    if x.ndim < 2 or x.shape[1] % num_groups:
        raise ValueError(f"expected x (N, C, ...) with C a multiple of {num_groups}")
    _check_shapes(x.shape[1:2], weight, bias)
    size = math.prod(x.shape[1:]) // num_groups
    groups = x.reshape(len(x), num_groups, size)
    x_hat, _, _, grad_groups = _normalise(groups, (2,), eps)

    def grad_x(g):
        return grad_groups(g.reshape(groups.shape)).reshape(x.shape)

    others = (0, *range(2, x.ndim))
    y, (grad_x, grad_weight, grad_bias) = _affine(
        x_hat.reshape(x.shape), grad_x, weight, bias, others
    )
    return y, (grad_x, None, grad_weight, grad_bias)


# --- what they share ------------------------------------------------------------------


def _normalise(x, axes, eps):
    """x̂ over `axes`, with the mean and variance there, and the vjp of x̂ in x.

    The mean and the variance depend on x too: that makes the two terms which the vjp
    takes from g.
    """
    n = math.prod(x.shape[axis] for axis in axes)
    if n < 2:
        raise ValueError(
            f"expected more than 1 number to take a variance of, found {n}"
        )

    def mean_of(array):
        return wide_sum(array, axes, keepdims=True) / float(n)

    mean = mean_of(x)
    centred = x - mean
    var = mean_of(centred * centred)
    scale = 1 / xp_of(x).sqrt(var + float(eps))
    x_hat = centred * scale

    def grad_x(g):
        return scale * (g - mean_of(g) - x_hat * mean_of(g * x_hat))

    return x_hat, mean, var, grad_x


def _normalise_by(x, mean, var, eps):
    """x̂ by the mean and variance given for each channel, and the vjp of x̂ in x."""
    if mean is None or var is None:
        raise ValueError("expected running_mean and running_var, or training=True")
    shape = (-1, *[1] * (x.ndim - 2))
    scale = 1 / xp_of(x).sqrt(var + float(eps)).reshape(shape)
    return (x - mean.reshape(shape)) * scale, lambda g: g * scale


def _affine(x_hat, grad_x, weight, bias, others):
    """y = weight x̂ + bias, and the vjps of all three, given that of x̂ in x.

    `others` are the axes that weight and bias do not have.
    """
    shape = [1 if axis in others else n for axis, n in enumerate(x_hat.shape)]
    w = 1 if weight is None else weight.reshape(shape)
    y = x_hat if weight is None else x_hat * w
    y = y if bias is None else y + bias.reshape(shape)
    return y, (
        lambda g: grad_x(g * w),
        lambda g: wide_sum(g * x_hat, others),
        lambda g: wide_sum(g, others),
    )


def _follow(running, now, momentum):
    """Move a running mean, in place, towards what it is now."""
    if running is not None:
        running *= 1 - momentum
        running += momentum * now.reshape(running.shape)


def _check(x, eps, **others):
    """x, and those of the others that are given, must be floating, of one dtype."""
    check_floats(x=x, **{name: a for name, a in others.items() if a is not None})
    check_number("eps", eps, 0)


def _check_shapes(shape, *arrays):
    if any(array is not None and array.shape != shape for array in arrays):
        raise ValueError(f"expected all but x of shape {shape}")
