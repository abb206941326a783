"""The gradient checker: does what backward() returns agree with what the function does?

For a random cotangent c, the gradient of Σ c * f(x) is compared with a numerical slope
that comes with its own error bar (`slopes.py`). A gradient passes if it lies within ten
bars of the slope and the bar itself is small. If the slope cannot be measured that
sharply, the verdict is "inconclusive"; at a point without a derivative it is "kink".
Neither is a pass.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..tensors import Tensor
from .faults import backward_faults, float32_faults, value_faults
from .likely_cause import guess_cause
from .problem import Problem, typical_size
from .report import Finding, GradcheckError, Report
from .slopes import ROUNDOFF, Slope, observed_order, slope

BARS = 10  # a gradient may lie this many error bars from the slope
SHARP = 1e-8  # a bar must be this small, relative to the input's largest gradient
EVERY_ELEMENT = 200  # inputs up to this size are checked element by element
DIRECTIONS = 8  # larger ones are checked along this many random directions


@np.errstate(all="ignore")  # large steps may leave the domain of f
def gradcheck(
    f: Callable[..., Tensor], *inputs: Any, raise_on_failure: bool = True, rng: Any = 0
) -> Report:
    """Check the gradients that backward() gives for f at the inputs.

    Args:
        f: takes Tensors and returns a Tensor of any shape. It must be deterministic:
            pass noise as an input.
        inputs: Tensors, arrays or numbers in float64. The Tensors with
            requires_grad=True are checked; if there are none, all floating inputs are.
            Other inputs reach f as they are. For float32 inputs the float64 gradient is
            checked, and the float32 one is compared with it: float32 is too coarse to
            take differences of.
        raise_on_failure: raise GradcheckError unless the verdict is "pass".
        rng: a generator or a seed, for the cotangent and the directions.

    Raises:
        TypeError: f does not return a Tensor, or no input is floating.
        GradcheckError: the check did not pass (see `raise_on_failure`).
    """
    problem = Problem(f, inputs, np.random.default_rng(rng))
    report = Report(getattr(f, "__name__", type(f).__name__).strip("_"))
    report.faults += value_faults(problem)
    if not report.faults:
        report.faults += backward_faults(problem) + float32_faults(problem, inputs)
        for number in problem.checked:
            report.findings += _check_input(problem, number)
        report.guess = _guess(problem, report.findings)
    if raise_on_failure and not report.ok:
        raise GradcheckError(report)
    return report


def _check_input(problem: Problem, number: int) -> list[Finding]:
    """Check every element of a small input, or a large one along random directions.

    If a direction fails, the element at fault is found too.
    """
    x, gradient = problem.inputs[number], problem.gradients[number]
    if x.size <= EVERY_ELEMENT:
        indices = list(np.ndindex(x.shape))
        slopes = [_element_slope(problem, number, index) for index in indices]
        scale = max(
            [abs(s.value) for s in slopes if np.isfinite(s.value)]
            + [float(np.abs(gradient).max(initial=0))]
        )
        return [
            _judge(problem, number, index, float(gradient[index]), s, scale)
            for index, s in zip(indices, slopes, strict=True)
        ]
    # Each element moves by its own size, because f may change as fast as that.
    sizes = np.where(x == 0, typical_size(x), np.abs(x))
    directions = [
        problem.rng.standard_normal(x.shape) * sizes for _ in range(DIRECTIONS)
    ]
    findings = [
        _check_direction(problem, number, direction) for direction in directions
    ]
    failed = [
        d
        for d, finding in zip(directions, findings, strict=True)
        if finding.verdict == "fail"
    ]
    if failed:
        findings.append(_bisect(problem, number, failed[0]))
    return findings


def _check_direction(problem: Problem, number: int, direction: np.ndarray) -> Finding:
    terms = problem.gradients[number] * direction
    analytic = float(np.sum(terms))
    found = _slope_along(problem, number, direction, unit=1.0, place=1.0)
    found.error += 8 * ROUNDOFF * float(np.abs(terms).sum())
    scale = float(np.linalg.norm(terms))  # the typical sum of terms of random sign
    return _judge(problem, number, None, analytic, found, max(scale, abs(found.value)))


def _bisect(problem: Problem, number: int, direction: np.ndarray) -> Finding:
    """Halve a failing direction, keep the half that fails, and so find one element."""
    elements = np.flatnonzero(direction)
    while len(elements) > 1:
        half = elements[: len(elements) // 2]
        part = np.zeros_like(direction)
        part.flat[half] = direction.flat[half]
        guilty = _check_direction(problem, number, part).verdict == "fail"
        elements = half if guilty else elements[len(half) :]
    index = tuple(int(i) for i in np.unravel_index(elements[0], direction.shape))
    gradient = problem.gradients[number]
    found = _element_slope(problem, number, index)
    return _judge(
        problem,
        number,
        index,
        gradient[index],
        found,
        max(abs(gradient[index]), abs(found.value)),
    )


def _element_slope(problem: Problem, number: int, index: tuple[int, ...]) -> Slope:
    """The slope along one element, by steps in units of 1 and of |x|.

    The smaller unit has the last word: a function may change too fast for the larger
    one to see. The larger unit may only sharpen what the smaller one has found.
    """
    x = problem.inputs[number]
    direction = np.zeros_like(x)
    direction[index] = 1.0
    size = abs(float(x[index])) or 1.0
    small = _slope_along(problem, number, direction, min(1.0, size), size)
    if size == 1.0 or problem.probes[number].is_linear:
        return small
    large = _slope_along(problem, number, direction, max(1.0, size), size)
    agree = abs(small.value - large.value) <= BARS * (small.error + large.error)
    if agree and large.error < small.error and not large.is_kink:
        return large
    return small


def _slope_along(
    problem: Problem, number: int, direction: np.ndarray, unit: float, place: float
) -> Slope:
    """The slope of Σ c * f(x + t direction) at t = 0.

    x itself is about `place` times the direction.
    """
    x = problem.inputs[number]

    def f(t: float) -> np.ndarray:
        return problem.value(number, x + t * direction)

    probe = problem.probes[number]
    if probe.is_linear:
        step = max(1.0, typical_size(x)) / np.abs(direction).max()
        exact = _linear_slope(f, problem.cotangent, step, probe.largest)
        if exact:
            return exact
    return slope(f, problem.cotangent, unit, place)


def _linear_slope(
    f: Callable[[float], np.ndarray], cotangent: np.ndarray, step: float, largest: float
) -> Slope | None:
    """The slope of a linear f, which is exact at any step: its bar is rounding alone.

    This is the adjoint identity <A d, c> = <d, Aᵀc> for f(x) = A x + b. The step is so
    large that f changes by its own size, which is at least `largest`. Returns None if f
    bends on the way: then it looked linear only by luck.
    """
    change = np.abs(f(step) - f(-step)).max(initial=0)
    if 0 < change < largest:
        step *= largest / change
    ahead, behind = f(step), f(-step)
    value = float(np.sum(cotangent * (ahead - behind))) / (2 * step)
    largest = max(largest, np.abs(ahead).max(initial=0), np.abs(behind).max(initial=0))
    bend = np.abs(ahead + behind - 2 * f(0.0))
    if not np.isfinite(largest) or not (bend <= 1e-13 * largest).all():
        return None
    weight = float(np.abs(cotangent)[ahead != behind].sum())
    error = 8 * ROUNDOFF * largest * weight / (2 * step)
    return Slope(value, error, value, value, False, np.array([step]), np.array([value]))


def _judge(
    problem: Problem,
    number: int,
    index: tuple[int, ...] | None,
    analytic: float,
    found: Slope,
    scale: float,
) -> Finding:
    """A verdict, given the slope and the largest gradient of the input."""
    distance, error = abs(analytic - found.value), found.error
    sharp = error <= SHARP * scale
    # Gradient and slope are 0 within the bar, and gradients nearby are far larger.
    zero = scale <= BARS * error <= SHARP * problem.reach[number]
    # A gradient as small as this is rounded away in the slope.
    swallowed = (
        found.value == 0
        and abs(analytic) <= 16 * ROUNDOFF * problem.probes[number].gradient
    )
    if not np.isfinite(analytic):
        verdict = "fail"
    elif found.is_kink:
        verdict = "kink"
    elif distance > (BARS if sharp else 1000) * error and not swallowed:
        verdict = "fail"
    elif distance <= BARS * error and (sharp or zero):
        verdict = "pass"
    else:
        verdict = "inconclusive"
    order = observed_order(found, analytic) if verdict == "fail" else None
    return Finding(
        verdict,
        number,
        index,
        float(analytic),
        found.value,
        error,
        scale,
        found.left,
        found.right,
        order,
    )


def _guess(problem: Problem, findings: list[Finding]) -> str:
    """A likely cause of the first failure among inputs checked element by element."""
    small = [i for i in problem.checked if problem.inputs[i].size <= EVERY_ELEMENT]
    found = {i: [finding for finding in findings if finding.input == i] for i in small}
    right = {
        i: np.array([f.numeric for f in found[i]]).reshape(problem.inputs[i].shape)
        for i in small
    }
    for i in small:
        wrong = np.array([f.verdict == "fail" for f in found[i]]).reshape(
            right[i].shape
        )
        if wrong.any() and np.isfinite(right[i]).all():
            others = [right[other] for other in small if other != i]
            return guess_cause(
                problem.gradients[i], right[i], wrong, problem.inputs[i], others
            )
    return ""
