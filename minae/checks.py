"""What ops ask of their arguments before they compute: the same rules, in the same words, for all."""

from typing import Any

import numpy as np

from .backend import Array


def check_arrays(**inputs: Any) -> None:
    for name, array in inputs.items():
        if not hasattr(array, "dtype"):
            raise TypeError(f"{name} must be a Tensor or an array, found {type(array).__name__}")


def check_floats(**inputs: Any) -> None:
    """All floating, all of one dtype: anything else would turn float32 into float64, or fail far from its cause."""
    arrays = {name: array for name, array in inputs.items() if array is not None}
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
    if len(numbers) != 2 or not all(_is_whole(number) and number >= least for number in numbers):
        raise ValueError(f"{name} must be a whole number of at least {least}, or two (h, w), found {value!r}")
    return int(numbers[0]), int(numbers[1])


def _is_whole(number: Any) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)
