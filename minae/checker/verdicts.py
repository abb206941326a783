"""The gradient checker: does what backward() returns agree with what the function does?

For a random cotangent c, the gradient of Σ c * f(x) is compared with a numerical slope
that comes with its own error bar (`slopes.py`). A gradient passes if it lies within ten
bars of the slope and the bar itself is small. If the slope cannot be measured that
sharply, or if there is nothing to measure, the verdict is "inconclusive"; at a point
without a derivative it is "kink". Neither is a pass.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..tensors import Tensor
from .comparing import Comparison
from .cotangents import cotangent_faults
from .directions import (
    STRETCHES,
    compare,
    element_sizes,
    halves,
    random_directions,
    stretched,
)
from .faults import backward_faults, value_faults
from .likely_cause import guess_cause
from .measuring import BARS, element_slope
from .memory_order import order_faults
from .narrow import judge_float32
from .problem import EPSILON, Problem
from .repeats import elsewhere_faults, last_faults, repeat_faults
from .report import SHARP, Finding, GradcheckError, Report
from .slopes import Slope, observed_order

COARSE = 1e-4  # and never larger than this
EVERY_ELEMENT = 200  # inputs up to this size are checked element by element


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
        report.nothing = _nothing_to_compare(problem)
        right = Comparison(problem, problem.cotangent)
        for check in (backward_faults, cotangent_faults, repeat_faults, order_faults):
            report.faults += check(right)
        for number in problem.checked:
            report.findings += _check_input(problem, number)
        if report.verdict == "pass":
            report.faults += elsewhere_faults(right)
        faults, report.doubts = judge_float32(problem, inputs, report.findings)
        report.faults += faults + last_faults(right)
        report.guess = _guess(problem, report.findings)
    if raise_on_failure and not report.ok:
        raise GradcheckError(report)
    return report


def _nothing_to_compare(problem: Problem) -> list[str]:
    """Why there is nothing to compare, if so: of nothing, any gradient is right."""
    if problem.at_point.size == 0:
        return ["f returns nothing here, so no gradient can be compared"]
    if not problem.is_reached:
        return ["f uses none of the inputs that are checked"]
    return [
        f"input {number} is empty, so it has no gradient to compare"
        for number in problem.checked
        if problem.inputs[number].size == 0
    ]


def _check_input(problem: Problem, number: int) -> list[Finding]:
    """Check every element of a small input, or a large one along random directions.

    If a direction fails, the element at fault is found too.
    """
    x = problem.inputs[number]
    if x.size <= EVERY_ELEMENT:
        return [_check_element(problem, number, index) for index in np.ndindex(x.shape)]
    directions = random_directions(problem, number)
    findings = [_check_direction(problem, number, d) for d in directions]
    failed = [
        d
        for d, finding in zip(directions, findings, strict=True)
        if finding.verdict == "fail"
    ]
    if failed:
        findings.append(_bisect(problem, number, failed[0]))
    return findings


def _check_element(problem: Problem, number: int, index: tuple[int, ...]) -> Finding:
    analytic = float(problem.gradients[number][index])
    return _judge(
        problem, number, index, analytic, element_slope(problem, number, index)
    )


def _check_direction(problem: Problem, number: int, direction: np.ndarray) -> Finding:
    """A verdict on a direction; larger moves of small elements may make it sharper."""
    terms = problem.gradients[number] * element_sizes(problem, number)
    whole = float(np.linalg.norm(terms))
    finding = _judge(problem, number, None, *compare(problem, number, direction), whole)
    if finding.verdict != "inconclusive":
        return finding
    for times in STRETCHES:
        wider = compare(problem, number, stretched(problem, number, direction, times))
        sharper = _judge(problem, number, None, *wider, whole)
        if sharper.verdict == "pass":
            return sharper
    return finding


def _bisect(problem: Problem, number: int, direction: np.ndarray) -> Finding:
    """Halve a failing direction, keep the half that fails, and so find one element."""
    while np.count_nonzero(direction) > 1:
        half, other = halves(direction)
        guilty = _check_direction(problem, number, half).verdict == "fail"
        direction = half if guilty else other
    element = np.unravel_index(np.flatnonzero(direction)[0], direction.shape)
    return _check_element(problem, number, tuple(int(i) for i in element))


def _judge(
    problem: Problem,
    number: int,
    index: tuple[int, ...] | None,
    analytic: float,
    found: Slope,
    scale: float = 0.0,
    whole: float = 0.0,
) -> Finding:
    """A verdict, given the slope.

    `scale` is the gradient's size, if it is not itself; `whole` that of all of them.
    """
    distance, error = abs(analytic - found.value), found.error
    scale = max(scale, abs(analytic), abs(found.value))
    sharp = error <= SHARP * max(scale, found.near, whole) and error <= COARSE * scale
    # The gradient is rounded too: by this much, if its terms cancel.
    rounding = 64 * EPSILON * found.near
    agree = distance <= BARS * error or distance <= rounding <= COARSE * scale
    # Gradient and slope are nothing but rounding, and f moves far more farther away;
    # or f does not move at all.
    zero = scale <= BARS * error <= SHARP * found.beyond and abs(analytic) <= rounding
    zero |= analytic == 0 and not found.moves
    # A gradient as small as this is rounded away in the slope.
    probe = problem.probes[number]
    steep = problem.steepness(probe.changes, probe.distance)
    swallowed = found.value == 0 and abs(analytic) <= 16 * EPSILON * steep
    # Steps of another size find the gradient right: f has a feature of their size, or
    # rounds what it computes on the way.
    value_of, error_of = found.rivals.T
    contested = (np.abs(analytic - value_of) <= 3 * error_of).any()
    if not np.isfinite(analytic):
        verdict = "fail"
    elif found.is_kink:
        verdict = "kink"
    elif agree and (sharp or zero):
        verdict = "pass"
    elif distance <= max((BARS if sharp else 1000) * error, rounding) or swallowed:
        verdict = "inconclusive"
    else:
        verdict = "inconclusive" if contested or not found.is_resolved else "fail"
    order = observed_order(found, analytic) if verdict == "fail" else None
    return Finding(
        verdict,
        number,
        index,
        float(analytic),
        found.value,
        error,
        scale,
        found.around,
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
