"""How much of the time of one op is Python itself: `python -m benchmarks.bare_tape`.

Measures the chain of `ops` in minae and, in turns with it, in the least tape that gives the same gradients: no dtypes,
broadcasting, whole numbers, errors, names or `no_grad`, and no memory freed on the way. An engine written in Python
cannot be much faster than that.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from . import with_minae


class Value:
    """An array, its gradient, and for each input (the input, its vjp)."""

    __slots__ = ("data", "grad", "edges")

    def __init__(self, data: np.ndarray):
        self.data = data
        self.grad: Any = None  # an array after backward()
        self.edges: tuple[tuple[Value, Callable[[Any], Any]], ...] = ()

    def __mul__(self, other: "Value") -> "Value":
        a, b = self.data, other.data
        result = Value(a * b)
        result.edges = ((self, lambda g: g * b), (other, lambda g: g * a))
        return result

    def backward(self) -> None:
        uses, unvisited = {self: 0}, [self]
        while unvisited:
            for source, _ in unvisited.pop().edges:
                if source not in uses:
                    uses[source] = 0
                    unvisited.append(source)
                uses[source] += 1
        self.grad, ready = np.ones_like(self.data), [self]
        while ready:
            value = ready.pop()
            for source, vjp in value.edges:
                source.grad = vjp(value.grad) if source.grad is None else source.grad + vjp(value.grad)
                uses[source] -= 1
                if uses[source] == 0:
                    ready.append(source)


def chain(length: int) -> Callable[[], float]:
    x, a = np.ones(1, np.float32), np.ones(1, np.float32)

    def step() -> float:
        y, factor = Value(x), Value(a)
        for _ in range(length):
            y = y * factor
        y.backward()
        return factor.grad.item()

    return step


def measure(length: int, seconds: float) -> dict[str, float]:
    """Microseconds of an op, forward and backward: the medians."""
    steps = {"minae": with_minae.chain(length), "the least tape": chain(length)}
    times: dict[str, list[float]] = {name: [] for name in steps}
    end = time.perf_counter() + seconds
    while not all(times.values()) or time.perf_counter() < end:
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            times[name].append((time.perf_counter() - start) / length)
    return {name: 1e6 * statistics.median(found) for name, found in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    for name, microseconds in measure(1000, parser.parse_args().seconds).items():
        print(f"{name}: {microseconds:.2f} µs per op")


if __name__ == "__main__":
    main()
