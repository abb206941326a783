"""How many threads matrix products use, and whether as many help at the moment."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import numpy as np

SIZE = 512  # of the matrices that are multiplied to see how long it takes
TIMES = 7
SLOWER = 1.1  # several threads lose if they take this many times one thread's time


@contextmanager
def limited(threads: int | None) -> Iterator[None]:
    """Inside, NumPy's BLAS uses at most so many threads; by None, nothing changes."""
    if threads is None:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=threads, user_api="blas"):
        yield


def blas_threads() -> int:
    """How many threads NumPy's BLAS uses now."""
    from threadpoolctl import threadpool_info

    counts = [
        pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"
    ]
    return max(counts, default=1)


def usable_cores() -> set[int]:
    """The numbers of the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return set(os.sched_getaffinity(0))
    return set(range(os.cpu_count() or 1))


def advice(measure: Callable[[], float] | None = None) -> str | None:
    """A line that says so if several BLAS threads are slower than one at the moment.

    That is so where other programs use the same processors: a product is done when the
    last of its threads is, and one that has to wait holds up all. The two are measured
    in turns, with the median of TIMES; together about a tenth of a second.
    """
    measure, threads = measure or _seconds, blas_threads()
    if threads == 1:
        return None
    together, alone = [], []
    for _ in range(TIMES):
        together.append(measure())
        with limited(1):
            alone.append(measure())
    if median(together) < SLOWER * median(alone):
        return None
    return (
        f"this machine is busy: {threads} BLAS threads take "
        f"{median(together) / median(alone):.1f} times as long as one; "
        "--threads 1 would be faster"
    )


def _seconds() -> float:
    """How long a matrix product of the size of a training step's takes."""
    matrix: Any = np.ones((SIZE, SIZE), np.float32)
    start = time.perf_counter()
    matrix @ matrix
    return time.perf_counter() - start
