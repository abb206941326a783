"""The slope of Σ c * f along one element of an input, or along a direction."""

from collections.abc import Callable

import numpy as np

from .problem import EPSILON, Problem
from .slopes import Slope, slope

BARS = 10  # a gradient may lie this many error bars from the slope


def element_slope(problem: Problem, number: int, index: tuple[int, ...]) -> Slope:
    """The slope along one element, by steps in units of 1 and of |x|.

    The smaller unit has the last word: a function may change too fast for the larger
    one to see. The larger unit may only sharpen what the smaller one has found.
    """
    x = problem.inputs[number]
    direction = np.zeros_like(x)
    direction[index] = 1.0
    place = abs(float(x[index]))
    size = place or 1.0
    near, widely = 2 * max(1.0, size), 1 + 2 * float(np.abs(x).max())
    small, *large = [
        slope_along(problem, number, direction, unit, near, place=place, widely=widely)
        for unit in sorted({min(1.0, size), max(1.0, size)})
    ]
    return _sharpened(small, large[0]) if large else small


def direction_slope(problem: Problem, number: int, direction: np.ndarray) -> Slope:
    """The slope along a direction of about the size of x, or larger."""
    return slope_along(problem, number, direction, 1.0, near=2.0, blur=EPSILON)


def _sharpened(small: Slope, large: Slope) -> Slope:
    """What smaller steps have found, or larger ones if they say it more sharply."""
    unknown = len(small.steps) == 0 and not np.isfinite(small.error)
    agree = abs(small.value - large.value) <= BARS * (small.error + large.error)
    if not unknown and not (agree and large.error < small.error and not large.is_kink):
        return small
    large.near = max(small.near, large.near)
    return large


def slope_along(
    problem: Problem,
    number: int,
    direction: np.ndarray,
    unit: float,
    near: float,
    place: float = 0.0,
    blur: float = 0.0,
    widely: float = 0.0,
) -> Slope:
    """The slope of Σ c * f(x + t direction) at t = 0.

    f is also looked at farther away, at t = ±near and ±widely: how steep it is on the
    way, and which outputs do move.
    """
    x = problem.inputs[number]

    def f(t: float) -> np.ndarray:
        return problem.value(number, x + t * direction)

    if problem.probes[number].is_linear:
        step = max(1.0, float(np.abs(x).max())) / float(np.abs(direction).max())
        exact = _linear_slope(f, problem.cotangent, step)
        if exact:
            return exact
    widely = max(near, widely)
    around, beyond = [f(near), f(-near)], [f(widely), f(-widely)]
    found = slope(f, problem.cotangent, unit, place, blur, around + beyond)
    steep = problem.steepness(problem.changes(around), near)
    found.around = max(found.near, steep)
    steep = problem.steepness(problem.changes(beyond), widely)
    found.beyond = max(found.around, steep)
    return found


def _linear_slope(
    f: Callable[[float], np.ndarray], cotangent: np.ndarray, step: float
) -> Slope | None:
    """The slope of a linear f, which is exact at any step: its bar is rounding alone.

    This is the adjoint identity <A d, c> = <d, Aᵀc> for f(x) = A x + b. The step is so
    large that each output that moves at all moves by its own size. Returns None if f
    bends on the way: then it looked linear only by luck.
    """
    ahead, behind, here = f(step), f(-step), f(0.0)
    moves = ahead != behind
    change = np.abs(ahead - behind)[moves]
    size = np.maximum(np.abs(here), np.abs(behind))[moves]
    if change.size:
        step *= max(1.0, float((size / change).max()))
        ahead, behind = f(step), f(-step)
    largest = np.max(np.abs([ahead, behind, here]), axis=0)
    bend = np.abs(ahead + behind - 2 * here)
    if not np.isfinite(largest).all() or not (bend <= 1e-13 * largest).all():
        return None
    moves = ahead != behind
    value = float(np.sum(cotangent * (ahead - behind))) / (2 * step)
    error = 8 * EPSILON * float(np.sum((np.abs(cotangent) * largest)[moves]))
    steep = float(np.sum(np.abs(cotangent * (ahead - behind)))) / (2 * step)
    return Slope(
        value,
        error / (2 * step),
        left=value,
        right=value,
        is_kink=False,
        is_resolved=True,
        moves=bool(moves.any()),
        near=steep,
        around=steep,
        beyond=steep,
        steps=np.array([step]),
        differences=np.array([value]),
    )
