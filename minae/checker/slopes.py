"""Numerical slopes with error bars: differences at many steps, extrapolated to step 0.

The central difference of a smooth function, D(h) = (s(h) - s(-h)) / 2h, is off by
a2 h² + a4 h⁴ + ... Halving h makes this error four times smaller, until rounding, which
grows like 1/h, takes over. Richardson's extrapolation cancels the powers of h one by
one. The changes from row to row of its tableau tell how far it can be trusted.

Sources: Richardson 1911; Ridders 1982, "Accurate computation of F'(x) and
F'(x) F''(x)".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .extrapolation import LAST, LEVELS, ROUNDOFF, extrapolate, scatter

# Not a power of two: sin(16 pi x) has the same value at x and at x ± 1/8.
FIRST_STEP = 0.1234
STEPS = 40
NOTHING = np.empty(0)
BLURRED = 2.0**28  # steps must be so many times larger than their own rounding


@dataclass
class Slope:
    """The derivative of a function at a point, with an error bar.

    `left` and `right` are the slopes on both sides, which differ at a kink. If
    `is_resolved` is False, the function changes faster than the smallest steps can
    follow, or is noisy: then a gradient far from the slope need not be wrong. `moves`
    is False if the function was the same wherever it was tried. `near` is the steepest
    slope to any step, noise apart, `around` and `beyond` to places farther away.
    `steps` and `differences` are the measurements behind it: D(h) for each step h.
    `rivals` are slopes, with their errors, that steps of other sizes would give.
    """

    value: float
    error: float
    left: float
    right: float
    is_kink: bool
    is_resolved: bool
    moves: bool
    near: float
    around: float
    beyond: float
    steps: np.ndarray
    differences: np.ndarray
    rivals: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))


def slope(
    f: Callable[[float], np.ndarray],
    weights: np.ndarray,
    unit: float,
    place: float = 0.0,
    blur: float = 0.0,
    far: Sequence[np.ndarray] = (),
) -> Slope:
    """The derivative of s(t) = Σ weights * f(t) at t = 0, with its error bar.

    Args:
        f: returns an array.
        unit: the steps are halved from 0.1234 unit down to 2e-13 unit. Left out are
            steps so large that f is not finite there, and steps so small that f rounds
            them away. If too few remain, the error is infinite.
        place: the number that f adds t to, so that steps can be chosen that this sum
            does not round.
        blur: how much t is rounded nevertheless.
        far: values of f farther away, to tell what is constant from what hardly moves.
    """
    centre = f(0.0)
    steps = exact_steps(unit, abs(place))
    steps = steps[steps > BLURRED * blur]
    ahead = [f(step) for step in steps]
    behind = [f(-step) for step in steps]
    first = _first_finite(ahead, behind)
    if len(steps) - first < LEVELS or not np.isfinite(centre).all():
        return unknown_slope()
    steps, ahead, behind = steps[first:], ahead[first:], behind[first:]

    # Differences first, weights second: what does not depend on t cancels exactly.
    to_right = np.array([np.sum(weights * (a - centre)) for a in ahead]) / steps
    to_left = np.array([np.sum(weights * (centre - b)) for b in behind]) / steps
    central = np.array(
        [np.sum(weights * (a - b)) for a, b in zip(ahead, behind, strict=True)]
    ) / (2 * steps)
    rounding_of_f = _roundoff(weights, centre, ahead, behind, far)
    roundoff = rounding_of_f + blur * np.abs(central)
    # What f may scatter by: its own rounding, and that of the numbers it starts from.
    explained = roundoff.max() + ROUNDOFF * abs(place) * np.abs(central).max()

    seen = slice(_last_seen(to_right, to_left) + 1)
    steps, to_right, to_left, central, roundoff = (
        row[seen] for row in (steps, to_right, to_left, central, roundoff)
    )
    if len(steps) < LEVELS:
        return unknown_slope(steps, central)
    jump = _jump(to_left, to_right, steps, roundoff, explained)
    # What is left of s(h) - 2 s(0) + s(-h): nothing but rounding, if the steps have
    # become small enough to see the function as it is at the point itself.
    rest = (to_right - to_left - jump) * steps
    left_over = _not_falling(rest)
    noise = max(scatter(central, steps), left_over)
    is_resolved = noise <= 100 * explained and not (jump and _lies_beside(rest))
    limit = extrapolate(central, steps, np.maximum(roundoff, left_over), 2, explained)
    left = right = limit.value
    if jump:
        left = extrapolate(to_left, steps, roundoff, 1, explained).value
        right = extrapolate(to_right, steps, roundoff, 1, explained).value
    # Noise alone looks steep to small steps.
    steepness = np.abs([to_left, to_right]) - 4 * noise / steps
    steepest = float(steepness.max(initial=abs(limit.value)))
    return Slope(
        limit.value,
        np.inf if jump and not is_resolved else limit.error,
        left,
        right,
        is_kink=bool(jump and is_resolved),
        is_resolved=bool(is_resolved),
        moves=any((value != centre).any() for value in (*ahead, *behind, *far)),
        near=steepest,
        around=steepest,
        beyond=steepest,
        steps=steps,
        differences=central,
        rivals=limit.rivals,
    )


def _jump(
    to_left: np.ndarray,
    to_right: np.ndarray,
    steps: np.ndarray,
    roundoff: np.ndarray,
    explained: float,
) -> float:
    """By how much the slopes to both sides differ at a kink; 0 if there is none."""
    limit = extrapolate(to_right - to_left, steps, 4 * roundoff, 1, explained)
    jump = abs(limit.value)
    steeper = max(abs(to_left[-1]), abs(to_right[-1]), jump)
    return limit.value if jump > max(10 * limit.error, 1e-7 * steeper) else 0.0


def _not_falling(rest: np.ndarray) -> float:
    """How large the second difference still is, if it does not fall as fast as h²."""
    last, before = np.abs(rest[-2:]).max(), np.abs(rest[-6:-4]).max()
    return float(last) if last > before / 64 else 0.0


def unknown_slope(
    steps: np.ndarray = NOTHING, differences: np.ndarray = NOTHING
) -> Slope:
    """The slope of a function that cannot be measured: anything is possible."""
    return Slope(
        value=np.nan,
        error=np.inf,
        left=np.nan,
        right=np.nan,
        is_kink=False,
        is_resolved=False,
        moves=True,
        near=0.0,
        around=0.0,
        beyond=0.0,
        steps=steps,
        differences=differences,
    )


def exact_steps(unit: float, place: float) -> np.ndarray:
    """Steps h, each half of the one before, for which place ± h is not rounded.

    Steps below 256 units in the last place of `place` are left out.
    """
    steps = unit * FIRST_STEP * 2.0 ** -np.arange(STEPS)
    return ((place + steps) - place)[steps > 2.0**-44 * place]


def observed_order(slope: Slope, exact: float) -> float | None:
    """How fast the error of the central difference falls as its step h is halved.

    This is log2(E(h) / E(h/2)) for E(h) = |D(h) - exact|. It is 2 if `exact` is right,
    until rounding takes over, and 0 if `exact` is wrong, because then the error stays
    on a plateau. Returns the median over the last five halvings that are clear of
    rounding, or None if there are none.
    """
    errors = np.abs(slope.differences - exact)
    clear = errors > 100 * (
        scatter(slope.differences, slope.steps) / slope.steps + ROUNDOFF * abs(exact)
    )
    halvings = [
        np.log2(e / half)
        for e, half, ok in zip(errors, errors[1:], clear[:-1] & clear[1:], strict=False)
        if ok
    ]
    return float(np.median(halvings[-5:])) if halvings else None


def _lies_beside(rest: np.ndarray) -> bool:
    """Whether a kink lies beside the point, closer than the smallest step.

    At a distance d from a kink, the second difference s(h) - 2 s(0) + s(-h) is
    jump * (h - d), not jump * h. Rounding scatters to both sides; this `rest` of
    -jump * d is the same at every step.
    """
    rest = rest[-LAST:]
    one_sided = (rest > 0).all() or (rest < 0).all()
    return bool(one_sided and np.abs(rest).min() > np.abs(rest).max() / 2)


def _roundoff(
    weights: np.ndarray,
    centre: np.ndarray,
    ahead: list[np.ndarray],
    behind: list[np.ndarray],
    far: Sequence[np.ndarray],
) -> np.ndarray:
    """The rounding error of Σ weights * f at each step: half a unit in the last place.

    Only values that change with t count; if none is seen to change, all do. Values that
    change far away alone are saturated: here they move by less than they are rounded
    by, which is half a unit in the last place of what they are out there.
    """
    moves = np.any([a != b for a, b in zip(ahead, behind, strict=True)], axis=0)
    saturated = ~moves & np.any([value != centre for value in far], axis=0)
    known = [np.where(np.isfinite(value), np.abs(value), 0) for value in (centre, *far)]
    beyond = np.where(saturated, np.max(known, axis=0), 0)
    counts = moves | saturated if (moves | saturated).any() else True
    largest = [
        np.maximum(np.maximum(np.abs(a), np.abs(b)), beyond)
        for a, b in zip(ahead, behind, strict=True)
    ]
    weights = np.abs(weights) * counts
    return ROUNDOFF * np.array([np.sum(weights * values) for values in largest])


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
