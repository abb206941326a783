"""Choosing elements, with everything that NumPy takes for an index."""

from typing import Any

from ..backend import xp_of


def getitem(x, index):
    """y = x[index],   dL/dx = g at the chosen places, 0 elsewhere

    A place chosen twice collects both. `index` is of arrays, numbers, slices, ...
    """

    def grad_x(g):
        grad = xp_of(x).zeros(x.shape, dtype=g.dtype)
        if may_repeat(index):
            xp_of(x).add.at(grad, index, g)
        else:
            grad[index] = g
        return grad

    return x[index], (grad_x,)


def may_repeat(index: Any) -> bool:
    """Whether an index can name one place twice.

    Only lists, inner tuples and arrays of integers can.
    """
    parts = index if isinstance(index, tuple) else (index,)
    return any(
        isinstance(i, list | tuple)
        or (getattr(i, "ndim", 0) > 0 and i.dtype.kind in "iu")
        for i in parts
    )
