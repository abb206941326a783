"""The energy distance: how far apart the distributions of two samples are.

It is computed in NumPy, on the CPU.
"""

import numpy as np

from ..support.argument_checks import check_numbers

ROWS = 1000  # rows of the matrix of distances that are in memory at a time


def energy_distance(x: np.ndarray, y: np.ndarray) -> float:
    """The energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| between two samples.

    Each mean is over all pairs, in the unit of the points' coordinates. Between two
    distributions, the distance is 0 if they are equal, and only then. Between samples
    of n and m points from one distribution, it is (1/n + 1/m) E|X - X'| on average,
    because the pairs include each point with itself, at distance 0.

    Shapes: x (n, D) and y (m, D). Computed in float64.
    Raises ValueError for other shapes or if there are no points; TypeError for anything
    but arrays of real numbers.
    Source: Székely & Rizzo 2013, "Energy statistics: A class of statistics based on
    distances", section 2.
    """
    check_numbers("energy_distance", x=x, y=y)
    x, y = (np.asarray(points, dtype=np.float64) for points in (x, y))
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1] or 0 in (len(x), len(y)):
        raise ValueError(
            "energy_distance: expected points (n, D) and (m, D), "
            f"found shapes {x.shape} and {y.shape}"
        )
    return 2 * _mean_distance(x, y) - _mean_distance(x, x) - _mean_distance(y, y)


def _mean_distance(x: np.ndarray, y: np.ndarray) -> float:
    """The mean of |x_i - y_j| over all i and j."""
    total = 0.0
    for start in range(0, len(x), ROWS):
        rows = x[start : start + ROWS]
        squares = sum(np.subtract.outer(a, b) ** 2 for a, b in zip(rows.T, y.T))
        total += float(np.sqrt(squares).sum())
    return total / (len(x) * len(y))
