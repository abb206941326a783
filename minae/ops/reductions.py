"""Sum, mean and maximum over axes."""

from ..backend import xp_of
from ..support.sums import wide_sum
from .axes import as_axes, count, keep_axes


def sum_(x, axis=None, keepdims=False):
    """y = Σ x over `axis`,   dL/dx = g, repeated along the summed axes"""
    xp, shape, axes = xp_of(x), x.shape, as_axes(x, axis)
    return wide_sum(x, axes, keepdims), (
        lambda g: xp.broadcast_to(keep_axes(g, shape, axes), shape),
    )


def mean(x, axis=None, keepdims=False):
    """y = (Σ x) / n over `axis`,   dL/dx = g / n, repeated along the averaged axes"""
    xp, shape, axes = xp_of(x), x.shape, as_axes(x, axis)
    n = count(shape, axes)
    if n == 0:
        raise ValueError("no elements to average")
    return wide_sum(x, axes, keepdims) / n, (
        lambda g: xp.broadcast_to(keep_axes(g / n, shape, axes), shape),
    )


def max_(x, axis=None, keepdims=False):
    """y = max x over `axis`,   dL/dx = g at the maximum, 0 elsewhere

    Equal maxima share g evenly.   PyTorch: `torch.amax`.
    """
    axes = as_axes(x, axis)
    if count(x.shape, axes) == 0:
        raise ValueError("no elements to take the maximum of")
    peak = x.max(axis=axes, keepdims=True)
    kept = [size for i, size in enumerate(x.shape) if i not in axes]
    y = peak if keepdims else peak.reshape(kept)

    def grad_x(g):
        winners = x == peak
        share = winners / winners.sum(axis=axes, dtype=g.dtype, keepdims=True)
        return keep_axes(g, x.shape, axes) * share

    return y, (grad_x,)
