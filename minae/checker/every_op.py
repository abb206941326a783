"""The table behind `minae gradcheck`: every op, checked on all its cases."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from .cases import CASES
from .samplers import Case
from .verdicts import Report, gradcheck


@dataclass
class Row:
    """One op, with the report of each of its cases."""

    name: str
    reports: list[Report] = field(default_factory=list)

    @property
    def comparisons(self) -> int:
        return sum(len(report.findings) for report in self.reports)

    @property
    def worst(self) -> float:
        return max(report.worst for report in self.reports)

    @property
    def empty(self) -> int:
        """How many cases ran as they should, but had nothing to compare."""
        return sum(report.is_empty for report in self.reports)

    @property
    def verdict(self) -> str:
        """The worst verdict among its cases that have something to compare."""
        found = {report.verdict for report in self.reports if not report.is_empty}
        if not found:
            return "inconclusive"
        return next(
            verdict
            for verdict in ("fail", "kink", "inconclusive", "pass")
            if verdict in found
        )

    @property
    def ok(self) -> bool:
        return self.verdict == "pass"


def check_all(cases: Iterable[Case] = CASES, rng: int = 0) -> list[Row]:
    """Check the gradients of every case.

    Returns one row per op, in the order of the ops' first cases.
    """
    rows: dict[str, Row] = {}
    for case in cases:
        name = case.op.__name__.strip("_")
        report = gradcheck(
            case.f,
            *case.make_inputs(np.random.default_rng(rng)),
            raise_on_failure=False,
            rng=rng,
        )
        report.name = case.name
        rows.setdefault(name, Row(name)).reports.append(report)
    return list(rows.values())


def table(rows: list[Row]) -> str:
    """The rows as plain text, followed by the reports of the cases that did not pass.

    The columns are: op, cases, how many of them are empty, comparisons, largest
    relative difference, verdict. Empty cases show that an op runs and keeps shapes and
    dtypes; the verdict is that of the others.
    """
    width = max(len(row.name) for row in rows)
    lines = [f"{'op':{width}}  cases  empty  comparisons  largest difference  verdict"]
    lines += [
        f"{row.name:{width}}  {len(row.reports):5}  {row.empty:5}  "
        f"{row.comparisons:11}  {row.worst:18.1e}  {row.verdict}"
        for row in rows
    ]
    passed = sum(row.ok for row in rows)
    comparisons = sum(row.comparisons for row in rows)
    lines += ["", f"{passed} of {len(rows)} ops pass, {comparisons} comparisons"]
    return "\n".join(
        lines
        + [
            str(report)
            for row in rows
            for report in row.reports
            if not (report.ok or report.is_empty)
        ]
    )
