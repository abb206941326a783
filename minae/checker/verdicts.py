"""The gradient checker: does backward() agree with what a function does?

For a random cotangent c, the gradient of Σ c * f(x) is compared with a numerical slope
that comes with its own error bar (`slopes.py`). A gradient passes if it lies within ten
bars of the slope and the bar itself is small. If the slope cannot be measured that
sharply, the verdict is "inconclusive"; at a point without a derivative it is "kink".
Neither is a pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..autograd import no_grad
from ..tensors import Tensor
from .likely_cause import guess_cause
from .slopes import ROUNDOFF, Slope, observed_order, slope

BARS = 10  # a gradient may lie this many error bars from the slope
SHARP = 1e-8  # a bar must be this small, relative to the input's largest gradient
EVERY_ELEMENT = 200  # inputs up to this size are checked element by element
DIRECTIONS = 8  # larger ones are checked along this many random directions
PROBES = 4  # this many random steps test whether f is linear


class GradcheckError(AssertionError):
    """Raised for a gradient check that did not pass. Its `report` says why."""

    def __init__(self, report: "Report"):
        super().__init__(str(report))
        self.report = report


@dataclass
class Finding:
    """One comparison of a gradient with a slope.

    `index` is the element that was compared, or None for a random direction.
    """

    verdict: str
    input: int
    index: tuple[int, ...] | None
    analytic: float
    numeric: float
    error: float
    scale: float
    left: float
    right: float
    order: float | None

    def __str__(self) -> str:
        where = "a direction" if self.index is None else f"index {list(self.index)}"
        place = f"input {self.input}, {where}"
        if self.verdict == "kink":
            return (
                f"{place}: a kink: slope {self.left:.6g} from the left, "
                f"{self.right:.6g} from the right; "
                f"backward gives {self.analytic:.6g}, {self._side()}"
            )
        text = (
            f"{place}: backward gives {self.analytic:.10g}, "
            f"the slope is {self.numeric:.10g} ± {self.error:.1g}"
        )
        if self.verdict == "inconclusive":
            return f"{text}: too uncertain to judge"
        if self.verdict == "fail" and self.order is not None and abs(self.order) < 0.5:
            plateau = abs(self.analytic - self.numeric)
            text += (
                f"; the difference quotient stays {plateau:.2g} away "
                "however small its step"
            )
        return text

    def _side(self) -> str:
        """Which slope at the kink backward took, to compare with the op's docstring."""
        for one_sided, side in (
            (self.left, "the left one"),
            (self.right, "the right one"),
        ):
            if abs(self.analytic - one_sided) <= 1e-6 * abs(self.left - self.right):
                return side
        if min(self.left, self.right) < self.analytic < max(self.left, self.right):
            return "between them"
        return "outside both: wrong, unless several kinks meet here"


@dataclass
class Report:
    """What a gradient check found.

    `verdict` is "pass", "fail", "kink" or "inconclusive"; only "pass" is `ok`.
    """

    name: str
    findings: list[Finding] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    guess: str = ""

    @property
    def verdict(self) -> str:
        found = {finding.verdict for finding in self.findings}
        if self.faults:
            found.add("fail")
        for verdict in ("fail", "kink", "inconclusive"):
            if verdict in found:
                return verdict
        return "pass"

    @property
    def ok(self) -> bool:
        return self.verdict == "pass"

    @property
    def worst(self) -> float:
        """The largest distance of a gradient from its slope.

        It is relative to the largest gradient of the same input.
        """
        return max(
            (
                abs(f.analytic - f.numeric) / f.scale
                for f in self.findings
                if f.scale > 0
            ),
            default=0.0,
        )

    def __str__(self) -> str:
        if self.ok:
            return (
                f"{self.name}: pass ({len(self.findings)} comparisons, "
                f"largest relative difference {self.worst:.1g})"
            )
        elements_first = sorted(
            self.findings, key=lambda finding: finding.index is None
        )
        told = [
            str(finding)
            for finding in elements_first
            if finding.verdict == self.verdict
        ]
        more = [f"... and {len(told) - 5} more"] if len(told) > 5 else []
        guess = [f"perhaps: {self.guess}"] if self.guess else []
        title = (
            f"{self.name}: {self.verdict} "
            f"(of the gradients of Σ c * {self.name}, for a random cotangent c)"
        )
        return "\n  ".join([title, *self.faults, *told[:5], *more, *guess])


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
    report.faults += _value_faults(problem)
    if not report.faults:
        report.faults += _backward_faults(problem) + _float32_faults(problem, inputs)
        for number in problem.checked:
            report.findings += _check_input(problem, number)
        report.guess = _guess(problem, report.findings)
    if raise_on_failure and not report.ok:
        raise GradcheckError(report)
    return report


class Problem:
    """A function f at one point in float64, and its gradients there by backward().

    They are the gradients of Σ c * f for a random cotangent c.
    """

    def __init__(
        self, f: Callable[..., Tensor], inputs: Sequence[Any], rng: np.random.Generator
    ):
        self.f = f
        self.rng = rng
        self.inputs = [_in_float64(value) for value in inputs]
        wanted = [
            i
            for i, value in enumerate(inputs)
            if isinstance(value, Tensor) and value.requires_grad
        ]
        self.checked = wanted or [
            i for i, value in enumerate(self.inputs) if _is_floating(value)
        ]
        if not self.checked:
            raise TypeError(
                "gradcheck: no input is floating, so there is no gradient to check"
            )
        self.at_point = self.value(None, None)
        self.cotangent = rng.standard_normal(self.at_point.shape)
        self.gradients = self.backward(self.f, self.cotangent)
        self.probes = {number: self._probe(number) for number in self.checked}
        self.reach = {number: self._reach(number) for number in self.checked}

    def value(self, number: int | None, array: np.ndarray | None) -> np.ndarray:
        """The value of f with `array` in place of input `number`."""
        inputs = [
            np.asarray(array) if i == number else x for i, x in enumerate(self.inputs)
        ]
        with no_grad():
            result = self.f(
                *[Tensor(x.copy()) if isinstance(x, np.ndarray) else x for x in inputs]
            )
        if not isinstance(result, Tensor):
            raise TypeError(
                f"gradcheck: f must return a Tensor, found {type(result).__name__}"
            )
        return result.numpy()

    def leaves(self) -> list[Any]:
        return [
            Tensor(x.copy(), requires_grad=i in self.checked)
            if isinstance(x, np.ndarray)
            else x
            for i, x in enumerate(self.inputs)
        ]

    def backward(
        self, f: Callable[..., Tensor], cotangent: np.ndarray
    ) -> dict[int, np.ndarray]:
        """The gradient of each checked input; zeros if f does not depend on it."""
        leaves = self.leaves()
        result = f(*leaves)
        if result.requires_grad:
            result.backward(cotangent)
        return {
            i: np.zeros_like(self.inputs[i])
            if leaves[i].grad is None
            else leaves[i].grad.copy()
            for i in self.checked
        }

    def _probe(self, number: int) -> "Probe":
        """How f behaves far from x.

        The random steps d are larger than x, so that they cross a kink at 0.
        """
        x, here = self.inputs[number], self.at_point
        size = 1 + 2 * np.abs(x).max(initial=0)
        steps = [
            self.rng.choice([-1, 1], x.shape) * self.rng.uniform(1, 2, x.shape) * size
            for _ in range(PROBES)
        ]
        ahead = [self.value(number, x + d) for d in steps]
        behind = [self.value(number, x - d) for d in steps]
        both = self.value(number, x + steps[0] + steps[1])
        largest = max(
            float(np.abs(value).max(initial=0))
            for value in (here, both, *ahead, *behind)
        )
        bends = [a + b - 2 * here for a, b in zip(ahead, behind, strict=True)] + [
            both + here - ahead[0] - ahead[1]
        ]
        is_linear = np.isfinite(largest) and all(
            (np.abs(bend) <= 1e-13 * largest).all() for bend in bends
        )
        return Probe(
            bool(is_linear), largest, self._gradient_up_to(ahead + behind, size)
        )

    def _reach(self, number: int) -> float:
        """How large the gradient of Σ c * f usually is, about |x| away from x."""
        x = self.inputs[number]
        size = max(1.0, _size(x))
        d = size * self.rng.uniform(-2, 2, x.shape)
        return self._gradient_up_to(
            [self.value(number, x + d), self.value(number, x - d)], size
        )

    def _gradient_up_to(self, values: list[np.ndarray], distance: float) -> float:
        """How large the gradient of Σ c * f is on the way to other values of f.

        Infinite values are left out.
        """
        changes = [
            np.where(np.isfinite(value), np.abs(value - self.at_point), 0)
            for value in values
        ]
        return (
            float(np.sum(np.abs(self.cotangent) * np.max(changes, axis=0))) / distance
        )


@dataclass
class Probe:
    """How f behaves far from x.

    Whether it is linear up to rounding, its largest value, and how large its gradient
    is on the way.
    """

    is_linear: bool
    largest: float
    gradient: float


# --- comparing a gradient with slopes -------------------------------------------------


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
    sizes = np.where(x == 0, _size(x), np.abs(x))
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
        step = max(1.0, _size(x)) / np.abs(direction).max()
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


# --- what must hold for every gradient, whatever its value ----------------------------


def _value_faults(problem: Problem) -> list[str]:
    if problem.at_point.dtype != np.float64:
        return [
            f"f of float64 inputs is {problem.at_point.dtype}: "
            "too coarse to take differences of"
        ]
    if not np.isfinite(problem.at_point).all():
        return ["f is not finite at these inputs"]
    if not np.array_equal(problem.at_point, problem.value(None, None)):
        return [
            "f gave two values for the same inputs: "
            "pass its noise, or a seed, as an input"
        ]
    return []


def _backward_faults(problem: Problem) -> list[str]:
    f, c, gradients = problem.f, problem.cotangent, problem.gradients
    other = problem.rng.standard_normal(c.shape)

    def same(found: dict[int, np.ndarray], expected: dict[int, np.ndarray]) -> bool:
        return all(
            np.allclose(
                found[i],
                expected[i],
                rtol=0,
                atol=1e-12 * np.abs(expected[i]).max(initial=0),
                equal_nan=True,
            )
            for i in problem.checked
        )

    def disturbed(*leaves: Any) -> Tensor:
        """The value of f at the leaves; before backward, f is called elsewhere too."""
        result = f(*leaves)
        f(
            *[
                Tensor(x * 0.5) if _is_floating(x) else leaf
                for x, leaf in zip(problem.inputs, leaves, strict=True)
            ]
        )
        return result

    def twice(*leaves: Any) -> Tensor:
        return f(*leaves) + f(*leaves)

    overwritten = (
        "another call of f before backward changes the gradient: "
        "a vjp reads a buffer that the call overwrote"
    )
    written = (
        "the gradient of f(x) + f(x) is not twice that of f(x): "
        "a vjp writes into g, or into what another vjp keeps"
    )
    sums = {i: gradients[i] + grad for i, grad in problem.backward(f, other).items()}
    holds = {
        "the gradient of a zero cotangent is not zero": all(
            not grad.any() for grad in problem.backward(f, 0 * c).values()
        ),
        "backward is not linear in the cotangent": same(
            problem.backward(f, c + other), sums
        ),
        overwritten: same(problem.backward(disturbed, c), gradients),
        written: same(
            problem.backward(twice, c), {i: 2 * grad for i, grad in gradients.items()}
        ),
    }
    faults = [fault for fault, held in holds.items() if not held]
    return faults + _overwriting_faults(problem)


def _overwriting_faults(problem: Problem) -> list[str]:
    """Whether backward writes where it must not.

    It must not write into the inputs, the value of f, or gradients returned before.
    """
    leaves = problem.leaves()
    result = problem.f(*leaves)
    node = result._node
    edges = (node.edges or []) if node else []
    kept = [vjp(problem.cotangent.copy()) for _, vjp, _ in edges]
    before = [np.copy(gradient) for gradient in kept]
    problem.backward(problem.f, -problem.cotangent)
    value_changed = (
        "backward changes the value of f: a vjp writes into what the op returned"
    )
    gradient_changed = (
        "a later backward changes this gradient: a vjp returns a buffer that it keeps"
    )
    holds = {
        "backward changes its inputs": all(
            np.array_equal(leaf.data, x, equal_nan=True)
            for leaf, x in zip(leaves, problem.inputs, strict=True)
            if isinstance(leaf, Tensor)
        ),
        value_changed: np.array_equal(result.numpy(), problem.at_point),
        gradient_changed: all(
            np.array_equal(gradient, copy, equal_nan=True)
            for gradient, copy in zip(kept, before, strict=True)
        ),
    }
    return [fault for fault, held in holds.items() if not held]


def _float32_faults(problem: Problem, inputs: Sequence[Any]) -> list[str]:
    """What is wrong in float32, if there are float32 inputs.

    f must be float32, its gradients within a thousand roundings of the float64 ones.
    """
    narrow = [
        i for i in problem.checked if getattr(inputs[i], "dtype", None) == np.float32
    ]
    if not narrow:
        return []
    leaves = [
        Tensor(x.astype(inputs[i].dtype), requires_grad=i in problem.checked)
        if isinstance(x, np.ndarray)
        else x
        for i, x in enumerate(problem.inputs)
    ]
    result = problem.f(*leaves)
    if result.requires_grad:
        result.backward(problem.cotangent)
    faults = (
        [] if result.dtype == np.float32 else [f"f of float32 inputs is {result.dtype}"]
    )
    for i in narrow:
        expected = problem.gradients[i]
        grad = leaves[i].grad
        found = np.zeros_like(expected) if grad is None else grad.astype(np.float64)
        difference = np.abs(found - expected).max(initial=0)
        allowed = 1000 * 2.0**-24 * np.abs(expected).max(initial=0)
        if not difference <= allowed:  # this form also catches NaN
            faults.append(
                f"input {i}: the float32 gradient is not the float64 one "
                "to within a thousand roundings"
            )
    return faults


# --- inputs ---------------------------------------------------------------------------


def _in_float64(value: Any) -> Any:
    """Floating inputs as float64 arrays, other Tensors as arrays, all else as it is."""
    if isinstance(value, Tensor):
        value = value.numpy()
    if isinstance(value, float | np.ndarray | np.generic):
        array = np.asarray(value)
        return array.astype(np.float64) if array.dtype.kind == "f" else array
    return value


def _is_floating(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _size(x: np.ndarray) -> float:
    """The root mean square of an input, for a step of its own size; 1 for zeros."""
    if x.size == 0:
        return 1.0
    return float(np.sqrt(np.mean(x * x))) or 1.0
