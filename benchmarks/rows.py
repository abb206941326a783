"""From what the children found to the rows of the table: medians, ratios, shares of the roofline, agreement."""

import math
import statistics
from dataclasses import dataclass, field
from typing import Any

from .processors import NATIVE
from .roofline import least_seconds
from .workloads import Case, Workload

REFERENCE = "minae"
FIRST_LOSS, LATER_LOSSES = 1e-5, 1e-3  # relative; Adam makes a whole step of what rounding leaves of a small gradient


@dataclass
class Result:
    """What one library did in one workload: what its child found, round by round, or why there is no more of that.

    processor: as it is, or as if it had no AVX-512 (processors.py).
    problem: "" or one of "missing" (not installed), "cannot" (be expressed in the library), "error"; reason: the words.
    """

    workload: Workload
    library: str
    processor: str = NATIVE
    rounds: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""
    reason: str = ""

    def add(self, found: dict[str, Any]) -> None:
        if "cases" in found:
            self.rounds.append(found)
        else:
            ((self.problem, self.reason),) = found.items()


@dataclass
class Row:
    """One library at one size of one workload. Numbers are None where nothing was measured.

    median, lowest and highest are over the rounds, in the workload's unit; ratio is median over minae's; roofline the
    share of the time that the step would take at the machine's limits; cores the processor time for each second.
    """

    workload: str
    size: int | None
    library: str
    processor: str
    version: str
    unit: str
    rounds: int
    median: float | None
    lowest: float | None
    highest: float | None
    ratio: float | None = None
    roofline: float | None = None
    cores: float | None = None
    imported: float | None = None
    growth: float | None = None
    growth_steps: int | None = None
    checks: list[float] = field(default_factory=list)
    agrees: bool | None = None
    problem: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        return self.workload + ("" if self.size is None else f" {self.size}")


def make_rows(results: list[Result]) -> list[Row]:
    """A row for each size that was measured; libraries are compared, and limits taken, on the same processor."""
    rows = []
    for processor in dict.fromkeys(result.processor for result in results):
        rows += rows_of([result for result in results if result.processor == processor])
    return rows


def rows_of(results: list[Result]) -> list[Row]:
    limits = machine_limits(results)
    rows = [make_row(result, place, limits) for result in results for place in range(len(result.workload.cases))]
    reference = {row.label: row for row in rows if row.library == REFERENCE}
    for row in rows:
        if row.label in reference and row is not reference[row.label]:
            compare(row, reference[row.label])
    return rows


def make_row(result: Result, place: int, limits: tuple[float, float] | None) -> Row:
    workload, case = result.workload, result.workload.cases[place]
    found = [one["cases"][place] for one in result.rounds]
    values = [one["value"] for one in found]
    first = found[0] if found else {}
    median = statistics.median(values) if values else None
    return Row(
        workload=workload.name,
        size=case.size,
        library=result.library,
        processor=result.processor,
        version=result.rounds[0]["version"] if found else "",
        unit=workload.unit,
        rounds=len(values),
        median=median,
        lowest=min(values, default=None),
        highest=max(values, default=None),
        roofline=share(workload, case, median, limits),
        cores=statistics.median(one["cores"] for one in found) if "cores" in first else None,
        imported=first.get("imported"),
        growth=first.get("growth"),
        growth_steps=first.get("growth_steps"),
        checks=first.get("checks", []),
        problem=result.problem,
        reason=result.reason,
    )


def compare(row: Row, reference: Row) -> None:
    """Set the row's ratio, and whether its first losses are the reference's; later ones have a wider limit."""
    if row.median is None or reference.median is None:
        return
    row.ratio = row.median / reference.median
    limits = [FIRST_LOSS, *[LATER_LOSSES] * len(row.checks)]
    row.agrees = all(
        math.isclose(found, expected, rel_tol=limit)
        for found, expected, limit in zip(row.checks, reference.checks, limits)
    )


def machine_limits(results: list[Result]) -> tuple[float, float] | None:
    """FLOPs and bytes per second: the best that any library reached in this run; None where they were not measured."""
    best = {"product": 0.0, "copy": 0.0}
    for result in results:
        if result.workload.name in best:
            rates = [1e9 * one["cases"][0]["value"] for one in result.rounds]
            best[result.workload.name] = max([best[result.workload.name], *rates])
    return (best["product"], best["copy"]) if all(best.values()) else None


def share(workload: Workload, case: Case, median: float | None, limits: tuple[float, float] | None) -> float | None:
    if workload.kind != "training" or case.network is None or median is None or limits is None:
        return None
    return workload.value(case, least_seconds(case.network, case.count, *limits)) / median


def failed(rows: list[Row]) -> bool:
    """Whether something went wrong: a child that failed, or a loss that differs. A missing library is no failure."""
    return any(row.problem == "error" or row.agrees is False for row in rows)
