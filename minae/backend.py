"""The array library behind a Tensor: NumPy on the CPU, CuPy on an NVIDIA GPU.

This is the only file that imports CuPy. Array code is written once for both libraries:
it asks for `xp = xp_of(array)` and calls functions that both have.
"""

from typing import Any

import numpy as np

# numpy.ndarray or cupy.ndarray. The type system has no name for what they share.
Array = Any
# numpy.random.Generator or cupy.random.Generator.
Generator = Any

library_of: dict[type, Any] = {np.ndarray: np}


def register_library(array_type: type, library: Any) -> None:
    """Use `library`, a module like NumPy, for arrays of the type `array_type`."""
    library_of[array_type] = library


def xp_of(array: Any) -> Any:
    """The module whose functions work on `array`: `numpy` or `cupy`.

    Lists and numbers count as NumPy's.
    """
    return library_of.get(type(array)) or _meet(type(array))


def _meet(array_type: type) -> Any:
    """The library of a type seen for the first time. This registers CuPy's arrays."""
    if array_type.__module__.partition(".")[0] == "cupy":
        cupy = _import_cupy()
        if issubclass(array_type, cupy.ndarray):
            register_library(array_type, cupy)
            return cupy
    return np


def is_array(value: Any) -> bool:
    """Whether `value` is an array of either library, or a NumPy scalar.

    Many array functions return a NumPy scalar instead of a 0-d array.
    """
    return (
        type(value) in library_of
        or isinstance(value, np.generic)
        or _meet(type(value)) is not np
    )


def as_array(value: Any) -> Array:
    """`value` itself if it is an array already, else a NumPy array made from it.

    A NumPy scalar becomes a 0-d array, an instance of a subclass (such as np.matrix) a
    plain array. Raises TypeError for a masked array, whose mask would be lost.
    """
    if type(value) in library_of or _meet(type(value)) is not np:
        return value
    if hasattr(value, "filled"):
        raise TypeError("expected an array without a mask: fill it, as array.filled(0)")
    return np.asarray(value)


def moved_to(array: Array, like: Array) -> Array:
    """`array` in the library and dtype of `like`; itself where it is so already."""
    xp = xp_of(like)
    if xp_of(array) is not xp:
        array = to_numpy(array) if xp is np else xp.asarray(array)
    return array.astype(like.dtype, copy=False)


def ones_like(array: Array) -> Array:
    """Ones with the shape, dtype and library of `array`: dL/dL, where a walk begins."""
    return xp_of(array).ones_like(array)


def default_rng(rng: Generator | int | None, xp: Any = np) -> Generator:
    """`rng` itself if it is a generator, else a new generator of library `xp`.

    The new generator is seeded with `rng`; None means fresh entropy.
    """
    if hasattr(rng, "standard_normal"):
        return rng
    if rng is not None and (
        not isinstance(rng, int | np.integer) or isinstance(rng, bool)
    ):
        raise TypeError(
            "rng must be a generator, a whole number to seed one, or None, "
            f"found {rng!r}"
        )
    if rng is not None and rng < 0:
        raise ValueError(f"rng: a seed must be at least 0, found {rng}")
    return xp.random.default_rng(rng)


def standard_normal(rng: Generator | int | None, like: Array) -> Array:
    """Noise from N(0, 1) with the shape, dtype and library of `like`."""
    return default_rng(rng, xp_of(like)).standard_normal(like.shape, dtype=like.dtype)


def uniform(rng: Generator | int | None, like: Array) -> Array:
    """Noise, uniform in [0, 1), with the shape, dtype and library of `like`.

    A generator of the host may serve a device: its numbers are copied there.
    """
    noise = default_rng(rng, xp_of(like)).random(like.shape, dtype=like.dtype)
    return moved_to(noise, like)


def library(device: str) -> Any:
    """The array library of a device: "cpu", "cuda", or "auto" (a GPU if there is one).

    Raises ValueError for another name, and for "cuda" if CuPy or a GPU is missing.
    """
    if device not in ("cpu", "cuda", "auto"):
        raise ValueError(f"device: expected 'cpu', 'cuda' or 'auto', found {device!r}")
    if device == "cpu":
        return np
    try:
        cupy = _import_cupy()
        cupy.cuda.runtime.getDevice()
        return cupy
    # CuPy raises types of its own, and the import fails if it is not installed.
    except Exception as error:
        if device == "auto":
            return np
        raise ValueError(
            f"device 'cuda' cannot be used ({error}); "
            "install minae[cuda12] or minae[cuda13], or choose 'cpu'"
        ) from error


def to_device(array: Array, device: str) -> Array:
    """`array` on a device, copied only if it is not there already."""
    xp = library(device)
    return to_numpy(array) if xp is np else xp.asarray(array)


def to_numpy(array: Any) -> np.ndarray:
    """`array` itself if it is a NumPy array, else a copy of it from the device."""
    return array.get() if xp_of(array) is not np else np.asarray(array)


def _import_cupy() -> Any:
    import cupy

    return cupy
