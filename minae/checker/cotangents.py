"""A gradient is linear in the cotangent, whatever the cotangent looks like."""

from collections.abc import Iterator

import numpy as np

from .comparing import Comparison

# Powers of 2, because they multiply without rounding: about ±1e6, ±1e-6 and so on.
FACTORS = [-1.0, *(sign * 2.0**power for power in (20, 60) for sign in (1, -1))]
FACTORS += [sign * 2.0**-power for power in (20, 60) for sign in (1, -1)]


def cotangent_faults(right: Comparison) -> list[str]:
    """Whether backward is linear in the cotangent: in its size, sign and pattern."""
    problem, c, gradients = right.problem, right.cotangent, right.gradients
    f, faults = problem.f, []
    if any(grad.any() for grad in problem.backward(f, 0 * c).values()):
        faults.append("the gradient of a zero cotangent is not zero")
    for factor in FACTORS:
        scaled = problem.backward(f, factor * c)
        if not all(_is_multiple(scaled[i], factor, gradients[i]) for i in gradients):
            faults.append(
                "backward is not linear in the cotangent: "
                f"for {factor:.2g} c the gradient is not {factor:.2g} times that for c"
            )
            break
    ones = Comparison(problem, np.ones(c.shape))
    for about, whole, part in _parts(right, ones):
        one = problem.backward(f, part)
        rest = problem.backward(f, whole.cotangent - part)
        if not whole.holds({i: one[i] + rest[i] for i in gradients}):
            faults.append(
                "backward is not linear in the cotangent: "
                f"the gradients for two parts of one, {about}, do not add up"
            )
            break
    return faults


def _is_multiple(found: np.ndarray, factor: float, gradient: np.ndarray) -> bool:
    """Whether found = factor * gradient, element by element, barring overflow."""
    expected = factor * gradient
    tiny = np.abs(expected) < 1e-290
    huge = ~np.isfinite(expected) & (np.isfinite(gradient))
    close = np.abs(found - expected) <= 1e-12 * np.abs(expected)
    undefined = np.isnan(found) & np.isnan(expected)
    return bool((close | tiny | huge | undefined | (found == expected)).all())


def _parts(
    right: Comparison, ones: Comparison
) -> Iterator[tuple[str, Comparison, np.ndarray]]:
    """Cotangents, each with a part of it; what is left is the other part."""
    c, rng = right.cotangent, right.problem.rng
    every_other = (np.arange(c.size) % 2).reshape(c.shape)
    yield "both random", right, c * rng.uniform(-1, 2, c.shape)
    yield "its positive and its negative numbers", right, np.maximum(c, 0)
    yield "every other number of it", right, c * every_other
    yield "together all ones", ones, rng.uniform(0, 1, c.shape)
    for place in rng.permutation(c.size)[:2]:
        one = np.zeros(c.shape)
        one.flat[place] = c.flat[place]
        yield "one of them a single number", right, one
