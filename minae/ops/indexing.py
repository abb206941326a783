"""Choosing elements, with everything that NumPy takes for an index."""

from ..backend import xp_of
from ..support.indices import as_index


def getitem(x, index):
    """y = x[index],   dL/dx = g at the chosen places, 0 elsewhere

    A place chosen twice collects both. `index` is what NumPy takes for one.
    """
    index = as_index(x, index)

    def grad_x(g):
        grad = xp_of(x).zeros(x.shape, dtype=g.dtype)
        if may_repeat(index):
            xp_of(x).add.at(grad, index, g)
        else:
            grad[index] = g
        return grad

    return x[index], (grad_x,)


def may_repeat(index: tuple) -> bool:
    """Whether an index can name one place twice: only arrays of integers can."""
    return any(hasattr(part, "ndim") and part.dtype.kind in "iu" for part in index)
