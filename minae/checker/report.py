"""What a gradient check found, and how it is told."""

from dataclasses import dataclass, field

SHARP = 1e-8  # a bar must be this small, relative to the gradient itself


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
    around: float
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

    `verdict` is "pass", "fail", "kink" or "inconclusive"; only "pass" is `ok`. `faults`
    make it fail; `doubts`, or that there was `nothing` to compare, inconclusive.
    """

    name: str
    findings: list[Finding] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    nothing: list[str] = field(default_factory=list)
    guess: str = ""

    @property
    def verdict(self) -> str:
        found = {finding.verdict for finding in self.findings}
        if self.faults:
            found.add("fail")
        if self.doubts or self.nothing:
            found.add("inconclusive")
        for verdict in ("fail", "kink", "inconclusive"):
            if verdict in found:
                return verdict
        return "pass"

    @property
    def ok(self) -> bool:
        return self.verdict == "pass"

    @property
    def is_empty(self) -> bool:
        """Whether it is inconclusive only because there was nothing to compare."""
        others = {finding.verdict for finding in self.findings} - {"pass"}
        return bool(self.nothing) and not (self.faults or self.doubts or others)

    @property
    def worst(self) -> float:
        """The largest distance of a gradient from its slope, relative to the gradient.

        Gradients that are nothing but rounding are left out.
        """
        return max(
            (
                abs(f.analytic - f.numeric) / f.scale
                for f in self.findings
                if f.scale > 0 and f.error <= SHARP * f.scale
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
        doubts = [*self.doubts, *self.nothing] if self.verdict == "inconclusive" else []
        return "\n  ".join([title, *self.faults, *doubts, *told[:5], *more, *guess])
