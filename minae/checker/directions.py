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
STRETCHES = (1.0, 32.0)  # what hardly moves f is moved farther
GROUP = 1e5  # within a group, contributions differ by less than this factor


def element_sizes(problem: Problem, number: int) -> np.ndarray:
    """How far to move each element: by its own size; f may change as fast as that."""
    x = problem.inputs[number]
    return np.where(x == 0, typical_size(x), np.abs(x))


def groups(strength: np.ndarray) -> list[np.ndarray]:
    """Masks of elements of similar strength: the strongest first, those of 0 last."""
    if not np.isfinite(strength).all() or not strength.any():
        return [np.ones(strength.shape, dtype=bool)]
    levels = np.log(strength.max() / np.where(strength > 0, strength, 1))
    level = np.where(strength > 0, levels // np.log(GROUP), np.inf)
    return [level == one for one in np.unique(level)]


def random_directions(problem: Problem, number: int) -> list[np.ndarray]:
    sizes = element_sizes(problem, number)
    strength = np.abs(problem.gradients[number]) * sizes
    return [
        problem.rng.standard_normal(sizes.shape) * sizes * group
        for i, group in enumerate(groups(strength))
        for _ in range(MORE_DIRECTIONS if i else DIRECTIONS)
    ]


def stretched(
    problem: Problem, number: int, direction: np.ndarray, times: float
) -> np.ndarray:
    """A direction in which small elements move by 1 or what is typical, `times` so."""
    sizes = element_sizes(problem, number)
    least = times * max(1.0, typical_size(problem.inputs[number]))
    return direction * np.maximum(1.0, least / sizes)


def compare(
    problem: Problem, number: int, direction: np.ndarray
) -> tuple[float, Slope, float]:
    """The gradient along a direction, the slope, and the scale of the gradient there.

    That is the typical sum of its terms with random signs.
    """
    moved = direction != 0  # elsewhere an infinite gradient would make NaN of 0
    terms = problem.gradients[number][moved] * direction[moved]
    found = direction_slope(problem, number, direction)
    found.error += 8 * EPSILON * float(np.abs(terms).sum())
    return float(np.sum(terms)), found, float(np.linalg.norm(terms))


def halves(direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A direction as the sum of two, each with half of its elements."""
    elements = np.flatnonzero(direction)
    first = np.zeros_like(direction)
    chosen = elements[: len(elements) // 2]
    first.flat[chosen] = direction.flat[chosen]
    return first, direction - first
