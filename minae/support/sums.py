"""Sums of many float32 numbers, whose rounding errors would add up as well."""

import math

import numpy as np

from ..backend import Array, xp_of

FEW = 128  # as many float32 numbers, whatever they are, add up to within 1e-5


def wide_sum(
    x: Array, axis: tuple[int, ...] | None = None, keepdims: bool = False
) -> Array:
    """Σ x over `axis`, in the dtype of x; many float32 numbers are added in float64.

    NumPy adds neighbours in pairs, and pairs of pairs, but only along the axis whose
    elements lie side by side. Along the others it adds one number after another: the
    sum of a million numbers 0.1 is then 1 % off.
    """
    axes = range(x.ndim) if axis is None else axis
    if x.dtype == np.float32 and math.prod(x.shape[a] for a in axes) > FEW:
        return x.sum(axis=axis, keepdims=keepdims, dtype=np.float64).astype(x.dtype)
    return x.sum(axis=axis, keepdims=keepdims)


def wide_cumsum(x: Array, axis: int) -> Array:
    """The sums of the first 1, 2, 3, ... elements along `axis`, added like wide_sum."""
    xp = xp_of(x)
    if x.dtype == np.float32 and x.shape[axis] > FEW:
        return xp.cumsum(x, axis=axis, dtype=np.float64).astype(x.dtype)
    return xp.cumsum(x, axis=axis)
