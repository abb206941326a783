"""Everything that NumPy takes for an index, in one form."""

import operator
from typing import Any

import numpy as np

from ..backend import Array, xp_of
from .array_protocols import ArrayProtocols


def as_index(x: Array, index: Any) -> tuple:
    """The parts of an index, with arrays of their own in the place of sequences.

    Of their own: to change a list or an array later does not change what backward does.
    """
    parts = index if isinstance(index, tuple) else (index,)
    return tuple(_as_part(x, part) for part in parts)


def _as_part(x: Array, part: Any) -> Any:
    if isinstance(part, ArrayProtocols):
        part = part._data
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
