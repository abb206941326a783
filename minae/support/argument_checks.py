"""Checks that functions make on their arguments before they compute.

All functions share these rules, and the words of the messages.
"""

import math
import os
import stat
from typing import Any

import numpy as np

from ..backend import Array, is_array
from .errors import FileError

# No image or kernel comes near this size, and NumPy's integers end at 2**63.
LARGEST = 2**31


def check_arrays(**inputs: Any) -> None:
    for name, array in inputs.items():
        if not hasattr(array, "dtype"):
            raise TypeError(
                f"{name} must be a Tensor or an array, found {type(array).__name__}"
            )


def check_real(**inputs: Any) -> None:
    """Each input must be a number, or an array of real numbers."""
    for name, value in inputs.items():
        if not hasattr(value, "dtype") and not isinstance(value, int | float):
            raise TypeError(
                f"{name} must be a Tensor, an array or a number, "
                f"found {type(value).__name__}"
            )
        if hasattr(value, "dtype") and value.dtype.kind not in "fiub":
            raise TypeError(f"{name} must hold real numbers, found {value.dtype}")


def check_wide(name: str, dtype: Any) -> None:
    """Raises TypeError for float16: sums of a few thousand such numbers overflow."""
    if dtype == np.float16:
        raise TypeError(
            f"{name}: float16 is too narrow for sums and gradients: "
            "convert it, e.g. with .astype('float32')"
        )


def check_floats(optional: str = "", **inputs: Any) -> None:
    """All inputs must be floating, with one dtype.

    Anything else would turn float32 into float64, or fail far from its cause. The input
    named `optional` may be None.
    """
    arrays = {
        name: array
        for name, array in inputs.items()
        if array is not None or name != optional
    }
    check_arrays(**arrays)
    for name, array in arrays.items():
        if array.dtype.kind != "f":
            raise TypeError(
                f"{name} must be floating, found {array.dtype}: "
                "convert it, e.g. with .astype('float32')"
            )
    if len({array.dtype for array in arrays.values()}) > 1:
        raise TypeError(
            "the inputs must have one dtype: convert them, e.g. with .astype('float32')"
        )


def check_same_shape(**inputs: Array) -> None:
    if len({array.shape for array in inputs.values()}) > 1:
        raise ValueError(f"{', '.join(inputs)} must have the same shape")


def as_pair(name: str, value: Any, least: int) -> tuple[int, int]:
    """The pair (height, width), from one whole number for both or one for each."""
    numbers = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(numbers) != 2 or not all(
        is_whole(number) and number >= least for number in numbers
    ):
        raise ValueError(
            f"{name} must be a whole number of at least {least}, or two (h, w), "
            f"found {value!r}"
        )
    if max(numbers) >= LARGEST:
        raise ValueError(f"{name} must be below {LARGEST}, found {value!r}")
    return int(numbers[0]), int(numbers[1])


def as_shape(name: str, value: Any) -> tuple[int, ...]:
    """A shape of at least one axis, from its sizes, or from one size."""
    sizes = tuple(value) if isinstance(value, tuple | list) else (value,)
    if not sizes or not all(is_whole(size) and size >= 1 for size in sizes):
        raise ValueError(
            f"{name} must be a whole number of at least 1, or several, found {value!r}"
        )
    return sizes


def is_whole(number: Any) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def check_whole(name: str, value: Any, least: int) -> None:
    if not is_whole(value) or value < least:
        raise ValueError(
            f"{name} must be a whole number of at least {least}, found {value!r}"
        )
    if value >= LARGEST:
        raise ValueError(f"{name} must be below {LARGEST}, found {value!r}")


def check_positive(layer: str, **sizes: int) -> None:
    for name, size in sizes.items():
        check_whole(f"{layer}: {name}", size, 1)


def check_number(
    name: str, value: Any, lowest: float = -math.inf, limit: float = math.inf
) -> None:
    """The value must be at least `lowest` and below `limit`, never NaN or infinite."""
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(
        value, bool
    ):
        raise TypeError(f"{name} must be a number, found {value!r}")
    if not lowest <= value < limit or value == -math.inf:
        most = "" if limit == math.inf else f" and below {limit}"
        wanted = "finite" if lowest == -math.inf else f"at least {lowest}{most}"
        raise ValueError(f"{name} must be {wanted}, found {value}")


def check_numbers(function: str, **inputs: Any) -> None:
    """The inputs must be arrays of real numbers: no Tensors, no lists.

    This is for functions that are not ops.
    """
    for name, array in inputs.items():
        if not is_array(array):
            raise TypeError(
                f"{function}: {name} must be an array, found {type(array).__name__}"
            )
        if array.dtype.kind not in "fiub":
            raise TypeError(
                f"{function}: {name} must hold real numbers, "
                f"found {array.dtype} {array.shape}"
            )


def check_file(path: Any, expected: str) -> None:
    """The path must be that of an ordinary file that is there.

    Reading a pipe may mean waiting for ever, and a device may have no end.
    Raises FileError, which names the file. Raises TypeError for anything that is not a
    path: a number, for example, would mean an open file.
    """
    if not isinstance(path, str | bytes | os.PathLike):
        raise TypeError(f"expected the path of {expected}, found {path!r}")
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:  # ValueError: a null character in it
        found = getattr(error, "strerror", None) or error
        raise FileError(
            f"{os.fsdecode(path)}: expected {expected}, found none ({found})"
        ) from error
    if not stat.S_ISREG(mode):
        found = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise FileError(
            f"{os.fsdecode(path)}: expected {expected}, found none (it is {found})"
        )
