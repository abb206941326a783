"""Numerical slopes with error bars: differences at many steps, extrapolated to step 0.

The central difference of a smooth function, D(h) = (s(h) - s(-h)) / 2h, is off by
a2 h² + a4 h⁴ + ... Halving h makes this error four times smaller, until rounding, which
grows like 1/h, takes over. Richardson's extrapolation cancels the powers of h one by
one. The changes from row to row of its tableau tell how far it can be trusted.

Sources: Richardson 1911; Ridders 1982, "Accurate computation of F'(x) and
F'(x) F''(x)".
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Not a power of two: sin(16 pi x) has the same value at x and at x ± 1/8.
FIRST_STEP = 0.1234
STEPS = 26
LEVELS = 6
ROUNDOFF = 2.0**-53


@dataclass
class Slope:
    """The derivative of a function at a point, with an error bar.

    `left` and `right` are the slopes on both sides, which differ at a kink. `steps` and
    `differences` are the measurements behind it: D(h) for each step h.
    """

    value: float
    error: float
    left: float
    right: float
    is_kink: bool
    steps: np.ndarray
    differences: np.ndarray


def slope(
    f: Callable[[float], np.ndarray],
    weights: np.ndarray,
    unit: float,
    place: float = 0.0,
) -> Slope:
    """The derivative of s(t) = Σ weights * f(t) at t = 0, with its error bar.

    f returns an array, and adds t to a number of about the size of `place`. The steps
    are halved from 0.1234 unit down to 4e-9 unit. Left out are steps so large that f is
    not finite there, and steps so small that f rounds them away. If too few remain, the
    error is infinite.
    """
    centre = f(0.0)
    steps = unit * FIRST_STEP * 2.0 ** -np.arange(STEPS)
    ahead = [f(step) for step in steps]
    behind = [f(-step) for step in steps]
    first = _first_finite(ahead, behind)
    if STEPS - first < LEVELS or not np.isfinite(centre).all():
        return Slope(np.nan, np.inf, np.nan, np.nan, False, steps[:0], steps[:0])
    steps, ahead, behind = steps[first:], ahead[first:], behind[first:]

    # Differences first, weights second: what does not depend on t cancels exactly.
    to_right = np.array([np.sum(weights * (a - centre)) for a in ahead]) / steps
    to_left = np.array([np.sum(weights * (centre - b)) for b in behind]) / steps
    central = np.array(
        [np.sum(weights * (a - b)) for a, b in zip(ahead, behind, strict=True)]
    ) / (2 * steps)
    rounding_of_f = _roundoff(weights, ahead, behind)
    rounding_of_place = ROUNDOFF * abs(place) * np.abs(central)
    roundoff = rounding_of_f + rounding_of_place

    seen = slice(_last_seen(to_right, to_left) + 1)
    steps, to_right, to_left, central, roundoff = (
        row[seen] for row in (steps, to_right, to_left, central, roundoff)
    )
    if len(steps) < LEVELS:
        return Slope(np.nan, np.inf, np.nan, np.nan, False, steps, central)
    value, error = extrapolate(central, steps, roundoff, power=2)
    jump, jump_error = extrapolate(to_right - to_left, steps, 4 * roundoff, power=1)
    left, _ = extrapolate(to_left, steps, roundoff, power=1)
    right, _ = extrapolate(to_right, steps, roundoff, power=1)
    steeper = max(abs(left), abs(right))
    is_kink = abs(jump) > 10 * jump_error and abs(jump) > 1e-7 * steeper
    return Slope(value, error, left, right, is_kink, steps, central)


def extrapolate(
    estimates: np.ndarray, steps: np.ndarray, roundoff: np.ndarray, power: int
) -> tuple[float, float]:
    """The limit of estimates as their step h goes to 0, and its error bar.

    Each step is half of the one before. The error of an estimate is a series of terms
    in h^power, h^(2 power) and so on. The bar of an entry of Richardson's tableau is
    the largest change that led to it, plus the noise at its step. The noise is measured
    as the scatter at the smallest steps, where nothing else is left. It is at least
    `roundoff`, which is given for each step.
    """
    noise = np.maximum(_noise(estimates, steps), roundoff)
    best, best_error = estimates[-1], np.inf
    column = estimates
    for level in range(1, LEVELS):
        factor = 2.0 ** (power * level) - 1
        finer = column[1:] + np.diff(column) / factor
        change = np.maximum(np.abs(finer - column[1:]), np.abs(finer - column[:-1]))
        # Two rows may agree by luck. Noise doubles from row to row, so each change is
        # taken to be at least half of the next one.
        change[:-1] = np.maximum(change[:-1], change[1:] / 2)
        error = (
            change + 4 * noise[level:] / steps[level:] + 4 * ROUNDOFF * np.abs(finer)
        )
        row = int(np.argmin(error))
        if error[row] < best_error:
            best, best_error = finer[row], error[row]
        column = finer
    return float(best), float(best_error)


def observed_order(slope: Slope, exact: float) -> float | None:
    """How fast the error of the central difference falls as its step h is halved.

    This is log2(E(h) / E(h/2)) for E(h) = |D(h) - exact|. It is 2 if `exact` is right,
    until rounding takes over, and 0 if `exact` is wrong, because then the error stays
    on a plateau. Returns the median over the last five halvings that are clear of
    rounding, or None if there are none.
    """
    errors = np.abs(slope.differences - exact)
    clear = errors > 100 * (
        _noise(slope.differences, slope.steps) / slope.steps + ROUNDOFF * abs(exact)
    )
    halvings = [
        np.log2(e / half)
        for e, half, ok in zip(errors, errors[1:], clear[:-1] & clear[1:], strict=False)
        if ok
    ]
    return float(np.median(halvings[-5:])) if halvings else None


def _noise(estimates: np.ndarray, steps: np.ndarray) -> float:
    """The rounding noise of a function: how its differences at small steps scatter."""
    return float(np.max(np.abs(np.diff(estimates[-7:])) * steps[-7:-1], initial=0.0))


def _roundoff(
    weights: np.ndarray, ahead: list[np.ndarray], behind: list[np.ndarray]
) -> np.ndarray:
    """The rounding error of Σ weights * f at each step: half a unit in the last place.

    Only values that change with t count; if none is seen to change, all do.
    """
    depends = np.any([a != b for a, b in zip(ahead, behind, strict=True)], axis=0)
    seen = np.abs(weights) * (depends if depends.any() else 1.0)
    largest = [
        np.maximum(np.abs(a), np.abs(b)) for a, b in zip(ahead, behind, strict=True)
    ]
    return ROUNDOFF * np.array([np.sum(seen * values) for values in largest])


def _first_finite(ahead: list[np.ndarray], behind: list[np.ndarray]) -> int:
    """The index of the first step from which on f is finite on both sides."""
    outside = [
        i
        for i, (a, b) in enumerate(zip(ahead, behind, strict=True))
        if not (np.isfinite(a).all() and np.isfinite(b).all())
    ]
    return outside[-1] + 1 if outside else 0


def _last_seen(to_right: np.ndarray, to_left: np.ndarray) -> int:
    """The index of the first step that f rounds away, or else of the last step.

    The first step that is rounded away shows how coarse f is. Rounding removes small
    steps on both sides alike. If f is flat on one side only, it has a kink nearby.
    """
    last = len(to_right) - 1
    right, left = np.flatnonzero(to_right), np.flatnonzero(to_left)
    if right.size and left.size:
        return min(last, max(right[-1], left[-1]) + 1)
    return last
