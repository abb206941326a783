"""The energy distance: how far two samples are from having one distribution. In NumPy, on the host."""

import numpy as np

from .checks import check_numbers

ROWS = 1000  # of the matrix of distances that is in memory at a time


def energy_distance(x: np.ndarray, y: np.ndarray) -> float:
    """2 E|X - Y| - E|X - X'| - E|Y - Y'|, each mean over all pairs, in the unit of the points' coordinates.

    Of distributions it is 0 where they are equal, and only there. Of two samples, n and m points of one distribution,
    it is (1/n + 1/m) E|X - X'| on average: their pairs hold each point's distance 0 to itself.

    Shapes: x (n, D) and y (m, D). Computed in float64.
    Raises ValueError for other shapes, and for no points; TypeError for what are no arrays of real numbers.
    Source: Székely & Rizzo 2013, "Energy statistics: A class of statistics based on distances", section 2.
    """
    check_numbers("energy_distance", x=x, y=y)
    x, y = (np.asarray(points, dtype=np.float64) for points in (x, y))
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1] or 0 in (len(x), len(y)):
        raise ValueError(f"energy_distance: expected points (n, D) and (m, D), found shapes {x.shape} and {y.shape}")
    return 2 * _mean_distance(x, y) - _mean_distance(x, x) - _mean_distance(y, y)


def _mean_distance(x: np.ndarray, y: np.ndarray) -> float:
    """The mean of |x_i - y_j| over all i and j."""
    total = 0.0
    for start in range(0, len(x), ROWS):
        rows = x[start : start + ROWS]
        squares = sum(np.subtract.outer(a, b) ** 2 for a, b in zip(rows.T, y.T))
        total += float(np.sqrt(squares).sum())
    return total / (len(x) * len(y))
