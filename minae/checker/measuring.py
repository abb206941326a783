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
    small, *large = [
        _slope_along(problem, number, direction, unit, place=place)
        for unit in sorted({min(1.0, size), max(1.0, size)})
    ]
    return _sharpened(small, large[0]) if large else small


def direction_slope(problem: Problem, number: int, direction: np.ndarray) -> Slope:
    """The slope along a direction of about the size of x, or larger."""
    return _slope_along(problem, number, direction, unit=1.0, blur=EPSILON)


def _sharpened(small: Slope, large: Slope) -> Slope:
    """What smaller steps have found, or larger ones if they say it more sharply."""
    unknown = len(small.steps) == 0 and not np.isfinite(small.error)
    agree = abs(small.value - large.value) <= BARS * (small.error + large.error)
    sharper = agree and large.error < small.error and not large.is_kink
    found = large if unknown or sharper else small
    found.near = max(small.near, large.near)
    return found


def _slope_along(
    problem: Problem,
    number: int,
    direction: np.ndarray,
    unit: float,
    place: float = 0.0,
    blur: float = 0.0,
) -> Slope:
    """The slope of Σ c * f(x + t direction) at t = 0.

    f is also looked at farther away, where elements have moved by twice their size, and
    by more than the largest: how steep it is on the way, and which outputs do move.
    """
    x = problem.inputs[number]

    def f(t: float) -> np.ndarray:
        return problem.value(number, x + t * direction)

    largest = float(np.abs(x).max())
    probe = problem.probes[number]
    if probe.is_linear:
        step = max(1.0, largest) / float(np.abs(direction).max())
        exact = _linear_slope(f, problem.cotangent, step, probe.largest)
        if exact:
            return exact
    moves = {
        "around": 2 * np.sign(direction) * np.maximum(1.0, np.abs(x)),
        "beyond": np.sign(direction) * (1 + 2 * largest),
    }
    far = {
        name: [problem.value(number, x + move), problem.value(number, x - move)]
        for name, move in moves.items()
    }
    found = slope(
        f, problem.cotangent, unit, place, blur, [*far["around"], *far["beyond"]]
    )
    moved = direction != 0
    steep = found.near
    for name, move in moves.items():
        distance = float(np.median(np.abs(move[moved] / direction[moved])))
        steep = max(steep, problem.steepness(problem.changes(far[name]), distance))
        setattr(found, name, steep)
    return found


def _linear_slope(
    f: Callable[[float], np.ndarray],
    cotangent: np.ndarray,
    step: float,
    largest: np.ndarray,
) -> Slope | None:
    """The slope of a linear f, which is exact at any step: its bar is rounding alone.

    This is the adjoint identity <A d, c> = <d, Aᵀc> for f(x) = A x + b. The step is so
    large that each output that moves at all moves by its own size, which is at least
    `largest`. Returns None if f bends on the way: then it looked linear only by luck.
    """
    ahead, behind, here = f(step), f(-step), f(0.0)
    change = np.abs(ahead - behind)
    moves = change > 8 * EPSILON * largest  # less than that is rounding
    if moves.any():
        step *= max(1.0, float((largest[moves] / change[moves]).max()))
        ahead, behind = f(step), f(-step)
    largest = np.max(np.abs([largest, ahead, behind, here]), axis=0)
    bend = np.abs(ahead + behind - 2 * here)
    part = 0.382  # of the step, and as much of the change
    lag = np.abs(f(part * step) - here - part * (ahead - here))
    if (
        not np.isfinite(largest).all()
        or (np.max([bend, lag], 0) > 1e-13 * largest).any()
    ):
        return None
    value = float(np.sum((cotangent * (ahead - behind))[moves])) / (2 * step)
    counts = moves if moves.any() else np.ones_like(moves)  # if none moves, all do
    error = 8 * EPSILON * float(np.sum((np.abs(cotangent) * largest)[counts]))
    steep = float(np.sum(np.abs(cotangent * (ahead - behind)))) / (2 * step)
    return Slope(
        value,
        error / (2 * step),
        left=value,
        right=value,
        is_kink=False,
        is_resolved=True,
        moves=bool((ahead != behind).any()),
        near=steep,
        around=steep,
        beyond=steep,
        steps=np.array([step]),
        differences=np.array([value]),
    )
