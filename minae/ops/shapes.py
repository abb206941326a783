"""Ops that move numbers and change none: a gradient goes back the way they came."""

import numpy as np

from ..backend import xp_of
from ..support.argument_checks import is_whole
from .axes import as_axes, as_axis, count


def reshape(x, shape):
    """y = the elements of x, in order, in another shape,   dL/dx = g in the shape of x

    A size of -1 stands for whatever fits.
    """
    sizes = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    if not all(is_whole(n) and n >= -1 for n in sizes) or sizes.count(-1) > 1:
        raise ValueError(
            f"a shape must be of whole numbers, one of them -1 at most, found {shape!r}"
        )
    return x.reshape(sizes), (lambda g: g.reshape(x.shape),)


def flatten(x, start_dim=0):
    """y = x with all axes from `start_dim` on as one,   dL/dx = g in the shape of x"""
    if not is_whole(start_dim):
        raise TypeError(f"start_dim must be a whole number, found {start_dim!r}")
    if not -x.ndim <= start_dim <= max(x.ndim - 1, 0):
        raise ValueError(f"start_dim {start_dim} is out of range for {x.ndim} axes")
    kept = x.shape[:start_dim] if x.ndim else ()
    joined = count(x.shape, range(len(kept), x.ndim))
    return x.reshape(*kept, joined), (lambda g: g.reshape(x.shape),)


def transpose(x, axes=None):
    """y = x with its axes permuted (reversed by default),   dL/dx = g permuted back"""
    if axes is None:
        order = tuple(reversed(range(x.ndim)))
    else:
        order = as_axes(x, tuple(axes) if isinstance(axes, list) else axes)
    if len(order) != x.ndim:
        raise ValueError(f"axes {axes} must name each of the {x.ndim} axes once")
    inverse = np.argsort(order).tolist()
    return x.transpose(order), (lambda g: g.transpose(inverse),)


def squeeze(x, axis=None):
    """y = x without its axes of size 1, or without `axis`,   dL/dx = g in x's shape

    An axis of another size is refused. (PyTorch's `squeeze` leaves it as it is.)
    """
    ones = tuple(i for i, size in enumerate(x.shape) if size == 1)
    axes = ones if axis is None else as_axes(x, axis)
    if not set(axes) <= set(ones):
        raise ValueError(f"axis {axis} must have size 1")
    kept = [size for i, size in enumerate(x.shape) if i not in axes]
    return x.reshape(kept), (lambda g: g.reshape(x.shape),)


def unsqueeze(x, axis):
    """y = x with a new `axis` of size 1,   dL/dx = g in the shape of x

    `axis` is its place in y.   PyTorch: `torch.unsqueeze`.
    """
    axis = as_axis(axis, x.ndim + 1)
    shape = (*x.shape[:axis], 1, *x.shape[axis:])
    return x.reshape(shape), (lambda g: g.reshape(x.shape),)


def swapaxes(x, axis0, axis1):
    """y = x with two axes in each other's place,   dL/dx = g with them swapped back

    PyTorch: `torch.swapaxes`.
    """
    axis0, axis1 = as_axis(axis0, x.ndim), as_axis(axis1, x.ndim)
    return x.swapaxes(axis0, axis1), (lambda g: g.swapaxes(axis0, axis1),)


def broadcast_to(x, shape):
    """y = x, repeated to another shape,   dL/dx = Σ g over the repeats

    New axes come in front; axes of size 1 are repeated. (The engine does the sum.)
    PyTorch: `torch.broadcast_to`.
    """
    sizes = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    if not all(is_whole(n) and n >= 0 for n in sizes):
        raise ValueError(f"a shape must be of whole numbers, found {shape!r}")
    if len(sizes) < x.ndim or any(
        old not in (1, new) for old, new in zip(x.shape[::-1], sizes[::-1])
    ):
        raise ValueError(f"cannot be broadcast to the shape {sizes}")
    return xp_of(x).broadcast_to(x, sizes), (lambda g: g,)


def part_sizes(size_or_sizes, total):
    """The sizes of the parts of `total` that `split` is to make."""
    if is_whole(size_or_sizes) and size_or_sizes >= 1:
        starts = range(0, total, size_or_sizes)
        return [min(size_or_sizes, total - start) for start in starts]
    if not isinstance(size_or_sizes, list | tuple) or not all(
        is_whole(size) and size >= 0 for size in size_or_sizes
    ):
        raise ValueError(
            "split: expected a whole number of at least 1, or a list of them, "
            f"found {size_or_sizes!r}"
        )
    if sum(size_or_sizes) != total:
        raise ValueError(
            f"split: the sizes must add up to that of the axis, {total}, "
            f"found {size_or_sizes!r}"
        )
    return list(size_or_sizes)
