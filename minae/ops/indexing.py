"""Choosing elements, with everything that NumPy takes for an index."""

import operator
from typing import Any

import numpy as np

from ..backend import Array, xp_of
from ..support.array_protocols import ArrayProtocols


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


def as_index(x: Array, index: Any) -> tuple:
    """The parts of an index, with arrays of their own in the place of sequences.

    Of their own: to change a list or an array later does not change what backward does.
    """
    parts = index if isinstance(index, tuple) else (index,)
    return tuple(_as_part(x, part) for part in parts)


def _as_part(x: Array, part: Any) -> Any:
    if isinstance(part, ArrayProtocols):
        part = part.data
    if part is None or part is Ellipsis or isinstance(part, slice | bool | np.bool_):
        return part
    if hasattr(part, "__index__") and not hasattr(part, "ndim"):
        return operator.index(part)
    array = xp_of(x).array(part)
    if array.dtype.kind not in "iub":
        if array.size > 0:
            raise IndexError(
                "an index must be of whole numbers, booleans, slices, None or ..., "
                f"found {array.dtype}"
            )
        array = array.astype("int64")  # what NumPy makes of an empty list
    return array
