"""Ops that move numbers and change none: a gradient goes back the way they came."""

import numpy as np

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
