"""ln(1 + x) and e^x - 1 without cancellation near 0, fast on every processor.

For float32, NumPy computes e^x, ln x and tanh many numbers at a time wherever the
processor can. But `log1p` and `expm1` go one number at a time without AVX-512, which
most laptops lack: a hundred thousand then take ten times as long as `log`.
"""

import functools
import sys

import numpy as np

from ..backend import Array, xp_of


def log1p(x: Array) -> Array:
    """ln(1 + x), to 4 units in the last place.

    1 + x is rounded: to u. It is then too large by (u - 1) - x, exactly, and to first
    order ln(1 + x) = ln u - ((u - 1) - x) / u.
    """
    if not _one_at_a_time(x):
        return xp_of(x).log1p(x)
    u = 1 + x
    with np.errstate(invalid="ignore"):
        excess = ((u - 1) - x) / u
    # At x = -1 and x = inf, u is exact, but this is NaN, which fmin drops.
    return np.log(u) - np.fmin(excess, 1)


def expm1(x: Array) -> Array:
    """e^x - 1 = tanh(x / 2) (e^x + 1), to 4 units in the last place."""
    if not _one_at_a_time(x):
        return xp_of(x).expm1(x)
    return np.tanh(x / 2) * (np.exp(x) + 1)


def _one_at_a_time(x: Array) -> bool:
    """Whether NumPy's own log1p and expm1 would be the slow ones."""
    return isinstance(x, np.ndarray) and x.dtype == np.float32 and _avx2_is_the_best()


@functools.cache
def _avx2_is_the_best() -> bool:
    """Whether NumPy uses AVX2 here, and not AVX-512 with the library it has on Linux.

    NumPy 2.4 calls the two X86_V3 and X86_V4.
    """
    found = set(np.show_config(mode="dicts")["SIMD Extensions"]["found"])
    avx512 = sys.platform == "linux" and not found.isdisjoint({"X86_V4", "AVX512_SKX"})
    return not avx512 and not found.isdisjoint({"X86_V3", "AVX2"})
