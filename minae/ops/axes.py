"""Which axes an op works along."""

import math
from collections.abc import Iterable

from ..backend import Array
from ..support.argument_checks import is_whole

Axis = int | tuple[int, ...] | None


def as_axes(x: Array, axis: Axis) -> tuple[int, ...]:
    """`axis` as a tuple of axes of x, none of them negative; None is all of them."""
    if axis is None:
        return tuple(range(x.ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    if not all(is_whole(a) for a in axes):
        raise TypeError(
            f"axis must be a whole number or a tuple of them, found {axis!r}"
        )
    if not all(-x.ndim <= a < x.ndim for a in axes) or len(
        {a % x.ndim for a in axes}
    ) < len(axes):
        raise ValueError(
            f"axis {axis} is out of range, or names an axis twice, for {x.ndim} axes"
        )
    return tuple(a % x.ndim for a in axes)


def as_axis(axis: int, ndim: int, name: str = "axis") -> int:
    """`axis`, one of `ndim` axes, counted from the first."""
    if not is_whole(axis):
        raise TypeError(f"{name} must be a whole number, found {axis!r}")
    if not -ndim <= axis < ndim:
        raise ValueError(f"{name} {axis} is out of range for {ndim} axes")
    return int(axis) % ndim


def keep_axes(g: Array, shape: tuple[int, ...], axes: tuple[int, ...]) -> Array:
    """The cotangent of a reduction with the reduced axes back in place, with size 1."""
    return g.reshape([1 if axis in axes else size for axis, size in enumerate(shape)])


def count(shape: tuple[int, ...], axes: Iterable[int]) -> int:
    """How many elements there are along `axes`."""
    return math.prod(shape[axis] for axis in axes)
