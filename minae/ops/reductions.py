"""Sums, means, products, maxima, minima and variances over axes."""

import numpy as np

from ..backend import xp_of
from ..support.argument_checks import check_floats, check_number
from ..support.sums import wide_cumsum, wide_sum
from .axes import as_axes, as_axis, count, keep_axes


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
    return wide_sum(x, axes, keepdims) / float(n), (
        lambda g: xp.broadcast_to(keep_axes(g / float(n), shape, axes), shape),
    )


def max_(x, axis=None, keepdims=False):
    """y = max x over `axis`,   dL/dx = g at the maximum, 0 elsewhere

    Equal maxima share g evenly.   PyTorch: `torch.amax`.
    """
    axes = _axes_of_some(x, axis, "maximum")
    return _extreme(x, x.max(axis=axes, keepdims=True), axes, keepdims)


def min_(x, axis=None, keepdims=False):
    """y = min x over `axis`,   dL/dx = g at the minimum, 0 elsewhere

    Equal minima share g evenly.   PyTorch: `torch.amin`.
    """
    axes = _axes_of_some(x, axis, "minimum")
    return _extreme(x, x.min(axis=axes, keepdims=True), axes, keepdims)


def var(x, axis=None, keepdims=False, correction=1):
    """y = Σ (x - mean)² / (n - correction) over `axis`, which has n elements

    dL/dx = g 2 (x - mean) / (n - correction).
    With correction=1 it estimates, without bias, the variance of what the elements were
    drawn from; with correction=0 it is the variance of the elements themselves, which
    is also NumPy's default. n must be above `correction`. (For PyTorch the variance of
    one element is NaN.) An infinite element makes all slopes NaN, in PyTorch its own.
    PyTorch: `torch.var`.
    """
    check_floats(x=x)
    axes = as_axes(x, axis)
    centred, freedom = _centred(x, axes, correction)
    y = wide_sum(centred * centred, axes, keepdims) / freedom
    return y, (lambda g: keep_axes(g, x.shape, axes) * (2 / freedom * centred),)


def std(x, axis=None, keepdims=False, correction=1):
    """y = √var(x),   dL/dx = g (x - mean) / ((n - correction) y)

    Where all elements are equal, y is 0 and its slope has no limit: there dL/dx is 0,
    as in PyTorch.   PyTorch: `torch.std`, and see `var`.
    """
    check_floats(x=x)
    axes = as_axes(x, axis)
    centred, freedom = _centred(x, axes, correction)
    y = xp_of(x).sqrt(wide_sum(centred * centred, axes, True) / freedom)

    def grad_x(g):
        divisor = freedom * (y + (y == 0))  # where y is 0, so is `centred`
        return keep_axes(g, x.shape, axes) * (centred / divisor)

    return y if keepdims else y.reshape(_kept(x, axes)), (grad_x,)


def prod(x, axis=None, keepdims=False):
    """y = Π x over `axis`,   dL/dx = g times the product of all others

    That is g y / x, but still right where x is 0 or infinite. (In PyTorch an infinity
    makes it NaN.)   PyTorch: `torch.prod`.
    """
    xp, axes = xp_of(x), as_axes(x, axis)
    order = [i for i in range(x.ndim) if i not in axes] + list(axes)
    y = x.prod(axis=axes, keepdims=keepdims)

    def grad_x(g):
        factors = x.transpose(order)
        rows = factors.reshape(*_kept(x, axes), count(x.shape, axes))
        others = (
            _product_before(xp, rows) * _product_before(xp, rows[..., ::-1])[..., ::-1]
        )
        others = others.reshape(factors.shape).transpose(np.argsort(order).tolist())
        return keep_axes(g, x.shape, axes) * others

    return y, (grad_x,)


def cumsum(x, axis):
    """y[i] = Σ x[j] over j <= i along `axis`,   dL/dx[j] = Σ g[i] over i >= j

    PyTorch: `torch.cumsum`.
    """
    xp, axis = xp_of(x), as_axis(axis, x.ndim)

    def grad_x(g):
        return xp.flip(wide_cumsum(xp.flip(g, axis), axis), axis)

    return wide_cumsum(x, axis), (grad_x,)


def _product_before(xp, rows):
    """For each number the product of those before it in its row; 1 for the first."""
    ones = xp.ones_like(rows[..., :1])
    return xp.cumprod(xp.concatenate([ones, rows[..., :-1]], axis=-1), axis=-1)


def _axes_of_some(x, axis, name):
    """`axis` as axes that have elements, so that there is a maximum or minimum."""
    axes = as_axes(x, axis)
    if count(x.shape, axes) == 0:
        raise ValueError(f"no elements to take the {name} of")
    return axes


def _extreme(x, extreme, axes, keepdims):
    """The maxima or minima of x over `axes`, and the vjp, which shares g among equals.

    `extreme` has them with the axes kept.
    """

    def grad_x(g):
        winners = x == extreme
        share = winners / winners.sum(axis=axes, dtype=g.dtype, keepdims=True)
        return keep_axes(g, x.shape, axes) * share

    return extreme if keepdims else extreme.reshape(_kept(x, axes)), (grad_x,)


def _centred(x, axes, correction):
    """x - mean, and n - correction, for n elements along `axes`."""
    check_number("correction", correction, 0)
    n = count(x.shape, axes)
    if n <= correction:
        raise ValueError(
            f"expected more elements than the correction, {correction}, found {n}"
        )
    centred = x - wide_sum(x, axes, keepdims=True) / float(n)
    # The mean was rounded. Far from 0, what this takes away is more than nothing.
    centred = centred - wide_sum(centred, axes, keepdims=True) / float(n)
    return centred, n - float(correction)


def _kept(x, axes):
    """The shape of x without `axes`."""
    return [size for i, size in enumerate(x.shape) if i not in axes]
