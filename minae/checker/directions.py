"""Large inputs: checked along random directions, a failure halved down to its element.

A direction sees a sum over elements, in which small ones drown. So elements are grouped
by how much they contribute, and each group has directions of its own.
"""

import numpy as np

from .measuring import direction_slope
from .problem import EPSILON, Problem, typical_size
from .slopes import Slope

DIRECTIONS = 8  # for the group that contributes most
MORE_DIRECTIONS = 2  # for each of the others
GROUP = 1e5  # within a group, contributions differ by less than this factor


def groups(problem: Problem, number: int) -> list[np.ndarray]:
    """Masks of elements whose gradients, times their sizes, are of similar size.

    The strongest come first, elements of gradient 0 last.
    """
    strength = np.abs(problem.gradients[number]) * element_sizes(problem, number)
    if not np.isfinite(strength).all() or not strength.any():
        return [np.ones(strength.shape, dtype=bool)]
    levels = np.log(strength.max() / np.where(strength > 0, strength, 1))
    level = np.where(strength > 0, levels // np.log(GROUP), np.inf)
    return [level == one for one in np.unique(level)]


def element_sizes(problem: Problem, number: int) -> np.ndarray:
    """How far to move each element: by its own size, as f may change as fast as that."""
    x = problem.inputs[number]
    return np.where(x == 0, typical_size(x), np.abs(x))


def random_directions(problem: Problem, number: int) -> list[np.ndarray]:
    sizes = element_sizes(problem, number)
    return [
        problem.rng.standard_normal(sizes.shape) * sizes * group
        for i, group in enumerate(groups(problem, number))
        for _ in range(MORE_DIRECTIONS if i else DIRECTIONS)
    ]


def compare(
    problem: Problem, number: int, direction: np.ndarray
) -> tuple[float, Slope, float]:
    """The gradient along a direction, the slope, and the scale of its terms."""
    terms = problem.gradients[number] * direction
    found = direction_slope(problem, number, direction)
    found.error += 8 * EPSILON * float(np.abs(terms).sum())
    # the typical sum of terms of random sign
    return float(np.sum(terms)), found, float(np.linalg.norm(terms))


def halves(direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A direction as the sum of two, each with half of its elements."""
    elements = np.flatnonzero(direction)
    first = np.zeros_like(direction)
    first.flat[elements[: len(elements) // 2]] = direction.flat[
        elements[: len(elements) // 2]
    ]
    return first, direction - first
