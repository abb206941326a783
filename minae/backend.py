"""The array library behind a Tensor: NumPy on the CPU, CuPy on an NVIDIA GPU. The only file that imports CuPy.

Array code is written once for both: it asks `xp = xp_of(array)` and calls functions that both libraries have.
"""

from typing import Any

import numpy as np

Array = Any  # numpy.ndarray or cupy.ndarray: their common interface has no name in the type system
Generator = Any  # numpy.random.Generator or cupy.random.Generator

library_of: dict[type, Any] = {np.ndarray: np}


def register_library(array_type: type, library: Any) -> None:
    """Make `library` (a module shaped like NumPy) the one that works on arrays of `array_type`."""
    library_of[array_type] = library


def xp_of(array: Any) -> Any:
    """The module whose functions work on `array`: `numpy` or `cupy`. Lists and numbers count as NumPy's."""
    return library_of.get(type(array)) or _meet(type(array))


def _meet(array_type: type) -> Any:
    """The library of a type met for the first time; CuPy's arrays are registered here."""
    if array_type.__module__.partition(".")[0] == "cupy":
        cupy = _import_cupy()
        if issubclass(array_type, cupy.ndarray):
            register_library(array_type, cupy)
            return cupy
    return np


def is_array(value: Any) -> bool:
    """Whether `value` is an array of either library, or a NumPy scalar, which many array functions return for 0-d."""
    return type(value) in library_of or isinstance(value, np.generic) or _meet(type(value)) is not np


def as_array(value: Any) -> Array:
    """`value` itself where it is an array already, else a NumPy array of it (a NumPy scalar becomes 0-d)."""
    return value if type(value) in library_of or _meet(type(value)) is not np else np.asarray(value)


def default_rng(rng: Generator | int | None, xp: Any = np) -> Generator:
    """`rng` itself where it is a generator; else a new one of library `xp`, seeded with it (None: fresh entropy)."""
    if hasattr(rng, "standard_normal"):
        return rng
    if rng is not None and (not isinstance(rng, int | np.integer) or isinstance(rng, bool)):
        raise TypeError(f"rng must be a generator, a whole number to seed one, or None, found {rng!r}")
    if rng is not None and rng < 0:
        raise ValueError(f"rng: a seed must be at least 0, found {rng}")
    return xp.random.default_rng(rng)


def standard_normal(rng: Generator | int | None, like: Array) -> Array:
    """Noise from N(0, 1) with the shape, dtype and library of `like`."""
    return default_rng(rng, xp_of(like)).standard_normal(like.shape, dtype=like.dtype)


def library(device: str) -> Any:
    """The array library of a device: "cpu", "cuda", or "auto" (the GPU where there is one).

    Raises ValueError for another name, and for "cuda" where CuPy or a GPU is missing.
    """
    if device not in ("cpu", "cuda", "auto"):
        raise ValueError(f"device: expected 'cpu', 'cuda' or 'auto', found {device!r}")
    if device == "cpu":
        return np
    try:
        cupy = _import_cupy()
        cupy.cuda.runtime.getDevice()
        return cupy
    except Exception as error:  # CuPy raises types of its own, and ImportError where it is not installed
        if device == "auto":
            return np
        raise ValueError(
            f"device 'cuda' cannot be used ({error}); install minae[cuda12] or minae[cuda13], or choose 'cpu'"
        ) from error


def to_device(array: Array, device: str) -> Array:
    """`array` on a device, copied only where it lies elsewhere."""
    xp = library(device)
    return to_numpy(array) if xp is np else xp.asarray(array)


def to_numpy(array: Any) -> np.ndarray:
    """`array` as a NumPy array: itself where it is one, else a copy from the device."""
    return array.get() if xp_of(array) is not np else np.asarray(array)


def _import_cupy() -> Any:
    import cupy

    return cupy


def _reuse_freed_memory() -> None:
    """Let arrays of megabytes take the memory of arrays that were freed before them.

    By default glibc returns every freed array of more than 128 kB to the system, and the next one gets new pages, which
    cost more to touch first than the arithmetic on them. When a block is freed it takes that size, up to 32 MB, for the
    new limit: hence one of nearly 32 MB, which is never written to and so takes no memory. A step of convolutions is 20
    to 28 % faster for it. Other C libraries are not affected.
    """
    np.empty(2**25 - 2**16, np.uint8)


_reuse_freed_memory()
