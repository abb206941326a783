"""What this machine can do in NumPy: the matrix product and the copy that the roofline is made of; memory in use."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from .networks import CannotExpress


def product(n: int) -> Callable[[], float]:
    """a @ b for two float32 matrices n x n."""
    a, b = matrices(n)
    out = np.empty_like(a)

    def step() -> float:
        np.matmul(a, b, out=out)
        return float(out[0, 0])

    return step


def copy(count: int) -> Callable[[], float]:
    """One array of `count` float32 numbers copied over another."""
    source, target = np.ones(count, np.float32), np.zeros(count, np.float32)

    def step() -> float:
        np.copyto(target, source)
        return float(target[-1])

    return step


def matrices(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((n, n), dtype=np.float32), rng.random((n, n), dtype=np.float32)


def peak_megabytes() -> float:
    """The largest resident memory of this process so far."""
    return _status("VmHWM")


def megabytes() -> float:
    """The resident memory of this process now."""
    return _status("VmRSS")


def _status(name: str) -> float:
    """From Linux's own books, and not from `resource`: there a process begins with its parent's peak."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        raise CannotExpress("memory is read from /proc, which only Linux has") from None
    return next(int(line.split()[1]) / 2**10 for line in lines if line.startswith(f"{name}:"))
