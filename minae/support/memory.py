"""Who owns an array, and where freed memory goes: not the business of arithmetic."""

import sys
from typing import Any

import numpy as np

from ..backend import Array


def owned(array: Array) -> Array:
    """`array` itself if nothing else can reach its memory, else a copy.

    A view is copied, and so is an array that something else refers to: a change to the
    other must not change this one. PyTorch does the same for `.grad`.
    """
    if array.base is None and sys.getrefcount(array) <= _UNSHARED:
        return array
    return array.copy()


def _count_references() -> int:
    """How many references `owned` sees to an array that only `backward` knows.

    This makes the calls that `autograd.backward` makes: through `accumulate`, with a
    local name at every level. How many references that makes depends on the version of
    Python.
    """
    seen = []

    def owned_like(array: Array) -> None:
        seen.append(sys.getrefcount(array))

    def accumulate_like(leaf: Any, contribution: Array) -> None:
        owned_like(contribution)

    contribution = np.empty(1)
    accumulate_like(None, contribution)
    return seen[0]


_UNSHARED = _count_references()


def reuse_freed_memory() -> None:
    """Let arrays of megabytes take the memory of arrays that were freed before them.

    By default glibc returns every freed array of more than 128 kB to the system. The
    next array gets new pages, and touching those for the first time costs more than the
    arithmetic on them. When a block is freed, glibc takes its size, up to 32 MB, as the
    new limit. So this asks for a block of nearly 32 MB and frees it. The block is never
    written to, so it takes no memory. A step of convolutions becomes 20 to 28 % faster.
    Other C libraries are not affected.
    """
    np.empty(2**25 - 2**16, np.uint8)
