"""The results as a table, as CSV, and as one picture."""

import csv
import statistics
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

from . import processors
from .picture import number, picture
from .rows import REFERENCE, Result, Row
from .workloads import LIBRARIES

PICTURES = {processors.NATIVE: "results.png", processors.AVX2: "results_avx2.png"}


def write(results: list[Result], rows: list[Row], about: list[str], out: Path) -> str:
    """Write results.txt, results.csv and results*.png into the folder `out`; returns the table."""
    out.mkdir(parents=True, exist_ok=True)
    text = table(results, rows, about)
    (out / "results.txt").write_text(text + "\n", encoding="utf-8")
    write_csv(rows, out / "results.csv")
    for processor in dict.fromkeys(row.processor for row in rows):
        draw([one for one in results if one.processor == processor], rows, about, out / PICTURES[processor])
    return text


def draw(results: list[Result], rows: list[Row], about: list[str], path: Path) -> None:
    """One picture of the results on one processor, if there are any."""
    workloads = list(dict.fromkeys(result.workload for result in results if result.rounds))
    if workloads:
        rows = [row for row in rows if row.processor == results[0].processor]
        ran = " · ".join(f"{LIBRARIES[name]} {version}" for name, version in versions(rows).items())
        heading = [ran, *about, processors.TITLES[results[0].processor]]
        picture(workloads, rows, heading).savefig(path)


def write_csv(rows: list[Row], path: Path) -> None:
    """Every field of every row; nothing where there is no number."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [column.name for column in fields(Row)])
        writer.writeheader()
        for row in rows:
            writer.writerow(asdict(row) | {"checks": " ".join(map(str, row.checks))})


def table(results: list[Result], rows: list[Row], about: list[str]) -> str:
    """The whole report as text: what ran where, medians and ratios, the roofline, memory, and what to know of them."""
    blocks = [[*about, *what_ran(results)]]
    for processor in dict.fromkeys(row.processor for row in rows):
        blocks += blocks_of(processor, [row for row in rows if row.processor == processor])
    blocks.append(["Not measured", *problems(results)])
    return "\n\n".join("\n".join(lines) for lines in blocks if len(lines) > 1)


def blocks_of(processor: str, rows: list[Row]) -> list[list[str]]:
    libraries, title = list(dict.fromkeys(row.library for row in rows)), processors.TITLES[processor]
    return [
        [f"Medians of the rounds, and times minae's (in a rate, .../s, more is better): {title}"]
        + medians(rows, libraries),
        ["Share of the roofline: see benchmarks/roofline.py", *shares(rows, libraries)],
        ["How far the rounds lie apart", *spread(rows)],
        ["Memory of a training process", *memory(rows)],
        ["The same numbers from the same weights", *agreement(rows)],
    ]


def versions(rows: list[Row]) -> dict[str, str]:
    return {row.library: row.version for row in rows if row.version}


def what_ran(results: list[Result]) -> list[str]:
    """Each library once, with what has to be said of it, and NumPy's BLAS."""
    found = {result.library: result.rounds[0] for result in results if result.rounds}
    lines = [
        f"{LIBRARIES[name]} {one['version']}" + (f": {one['note']}" * bool(one["note"])) for name, one in found.items()
    ]
    return lines + sorted({f"NumPy's BLAS: {one['blas']}" for one in found.values() if one["blas"]})


def medians(rows: list[Row], libraries: list[str]) -> list[str]:
    """One line for each workload and size, one column for each library."""
    return columns(rows, libraries, lambda row: f"{row.label}, {row.unit}", cell)


def cell(row: Row) -> str:
    if row.median is None:
        return row.problem
    return number(row.median) + (f"  x{number(row.ratio)}" if row.ratio else "")


def shares(rows: list[Row], libraries: list[str]) -> list[str]:
    measured = [row for row in rows if row.roofline is not None]
    return columns(measured, libraries, lambda row: row.label, share)


def share(row: Row) -> str:
    return "" if row.roofline is None else f"{100 * row.roofline:.0f} %"


def columns(rows: list[Row], libraries: list[str], name: Callable[[Row], str], text: Callable[[Row], str]) -> list[str]:
    """Lines of aligned columns: a line for each `name(row)`, in the column of its library `text(row)`."""
    if not rows:
        return []
    found = {(name(row), row.library): text(row) for row in rows}
    lines = [["", *(LIBRARIES[library] for library in libraries)]]
    lines += [[line, *(found.get((line, x), "") for x in libraries)] for line in dict.fromkeys(map(name, rows))]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return [
        "    ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))])
        for line in lines
    ]


def spread(rows: list[Row]) -> list[str]:
    """The range over the rounds as a share of the median: half of the rows are below the first number."""
    apart = [
        ((row.highest - row.lowest) / row.median, row)
        for row in rows
        if row.rounds > 1 and row.highest and row.lowest and row.median
    ]
    if not apart:
        return []
    worst, row = max(apart, key=lambda pair: pair[0])
    middle = statistics.median(range_ for range_, _ in apart)
    return [f"{100 * middle:.0f} % as a rule, {100 * worst:.0f} % at worst ({row.label}, {LIBRARIES[row.library]})"]


def memory(rows: list[Row]) -> list[str]:
    return [
        f"{LIBRARIES[row.library]}: {row.imported:.0f} MB after its import, {row.median:.0f} MB at the peak; "
        f"grew by {row.growth:.1f} MB in {row.growth_steps} more steps with the cyclic collector off"
        for row in rows
        if row.growth is not None
    ]


def problems(results: list[Result]) -> list[str]:
    """Each reason once, with the workloads it concerns."""
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for result in results:
        if result.problem:
            names = reasons.setdefault((result.library, result.problem, result.reason), [])
            names += [result.workload.name] * (result.workload.name not in names)
    words = {"missing": "is missing", "cannot": "cannot express it", "error": "FAILED"}
    return [
        f"{LIBRARIES[library]} {words[problem]}: {reason} ({', '.join(names)})"
        for (library, problem, reason), names in reasons.items()
    ]


def agreement(rows: list[Row]) -> list[str]:
    """For each workload and size, who found minae's losses (or results) in the first steps, and who did not."""
    lines = []
    for label in dict.fromkeys(row.label for row in rows):
        here = [row for row in rows if row.label == label]
        agreeing = [LIBRARIES[row.library] for row in here if row.agrees]
        if agreeing:
            checks = next(row.checks for row in here if row.library == REFERENCE)
            lines.append(f"{label}: {', '.join(agreeing)} as minae: {', '.join(f'{value:.7g}' for value in checks)}")
        lines += [f"{label}: {LIBRARIES[row.library]} DIFFERS: {row.checks}" for row in here if row.agrees is False]
    return lines
