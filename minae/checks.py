"""What functions ask of their arguments before they compute: the same rules, in the same words, for all."""

import math
import os
import stat
from typing import Any

import numpy as np

from .backend import Array, is_array
from .errors import FileError

LARGEST = 2**31  # no image or kernel has a size near it, and from 2**63 on NumPy cannot count


def check_arrays(**inputs: Any) -> None:
    for name, array in inputs.items():
        if not hasattr(array, "dtype"):
            raise TypeError(f"{name} must be a Tensor or an array, found {type(array).__name__}")


def check_floats(optional: str = "", **inputs: Any) -> None:
    """All floating, all of one dtype: anything else would turn float32 into float64, or fail far from its cause.

    The input named `optional` may be None.
    """
    arrays = {name: array for name, array in inputs.items() if array is not None or name != optional}
    check_arrays(**arrays)
    for name, array in arrays.items():
        if array.dtype.kind != "f":
            raise TypeError(f"{name} must be floating, found {array.dtype}: convert it, e.g. with .astype('float32')")
    if len({array.dtype for array in arrays.values()}) > 1:
        raise TypeError("the inputs must have one dtype: convert them, e.g. with .astype('float32')")


def check_same_shape(**inputs: Array) -> None:
    if len({array.shape for array in inputs.values()}) > 1:
        raise ValueError(f"{', '.join(inputs)} must have one shape")


def as_pair(name: str, value: Any, least: int) -> tuple[int, int]:
    """One whole number, or one for the height and one for the width, as (height, width)."""
    numbers = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(numbers) != 2 or not all(is_whole(number) and number >= least for number in numbers):
        raise ValueError(f"{name} must be a whole number of at least {least}, or two (h, w), found {value!r}")
    if max(numbers) >= LARGEST:
        raise ValueError(f"{name} must be below {LARGEST}, found {value!r}")
    return int(numbers[0]), int(numbers[1])


def is_whole(number: Any) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def check_whole(name: str, value: Any, least: int) -> None:
    if not is_whole(value) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, found {value!r}")
    if value >= LARGEST:
        raise ValueError(f"{name} must be below {LARGEST}, found {value!r}")


def check_number(name: str, value: Any, lowest: float = -math.inf, limit: float = math.inf) -> None:
    """A number of at least `lowest` and below `limit`; never NaN or infinite."""
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number, found {value!r}")
    if not lowest <= value < limit or value == -math.inf:
        most = "" if limit == math.inf else f" and below {limit}"
        wanted = "finite" if lowest == -math.inf else f"at least {lowest}{most}"
        raise ValueError(f"{name} must be {wanted}, found {value}")


def check_numbers(function: str, **inputs: Any) -> None:
    """Arrays of real numbers, for functions that are not ops: no Tensors, no lists."""
    for name, array in inputs.items():
        if not is_array(array):
            raise TypeError(f"{function}: {name} must be an array, found {type(array).__name__}")
        if array.dtype.kind not in "fiub":
            raise TypeError(f"{function}: {name} must hold real numbers, found {array.dtype} {array.shape}")


def check_file(path: Any, expected: str) -> None:
    """An ordinary file that is there: to read a pipe may mean to wait for ever, and a device need not end.

    Raises FileError, which names the file, and TypeError for what is no path (a number would be an open file's).
    """
    if not isinstance(path, str | bytes | os.PathLike):
        raise TypeError(f"expected the path of {expected}, found {path!r}")
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:  # ValueError: no path could be so, as it holds a null character
        found = getattr(error, "strerror", None) or error
        raise FileError(f"{os.fsdecode(path)}: expected {expected}, found none ({found})") from error
    if not stat.S_ISREG(mode):
        found = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise FileError(f"{os.fsdecode(path)}: expected {expected}, found none (it is {found})")
