"""The results in one picture: a panel for each workload."""

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .rows import REFERENCE, Row
from .workloads import LIBRARIES, Workload

COLOURS = {"minae": "C3", "pytorch": "C1", "pytorch_compiled": "C2", "jax": "C0", "dezero": "0.45", "mygrad": "0.7"}
COLUMNS = 3
CUT = 6  # a bar more than so many times minae's is cut


def picture(workloads: list[Workload], rows: list[Row], heading: list[str]) -> Figure:
    """Bars for a workload of one size, else lines over the sizes."""
    columns = min(COLUMNS, len(workloads))
    height = -(-len(workloads) // columns)
    figure = Figure(figsize=(5.4 * columns, 3.1 * height + 1.2), dpi=110, layout="constrained")
    panels = figure.subplots(height, columns, squeeze=False).ravel()
    for panel, workload in zip(panels, workloads):
        draw = bars if len(workload.cases) == 1 else lines
        draw(panel, workload, [row for row in rows if row.workload == workload.name])
        panel.set_title(workload.title, fontsize=10)
    for panel in panels[len(workloads) :]:
        panel.set_axis_off()
    figure.suptitle("\n".join(heading), fontsize=9)
    return figure


def bars(panel: Axes, workload: Workload, rows: list[Row]) -> None:
    """A bar for each library, with its number; a bar that is cut off runs to the edge."""
    base = next((row.median for row in rows if row.library == REFERENCE and row.median), math.inf)
    limit = min(max((row.median or 0 for row in rows), default=0) or 1, CUT * base)
    edge = 1.7 * limit
    for place, row in enumerate(rows):
        length = row.median or 0
        panel.barh(place, length if length <= limit else edge, color=COLOURS[row.library])
        panel.annotate(
            words(row) + ("  (cut)" if length > limit else ""),
            (min(length, limit), place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color="white" if length > limit else "black",
        )
    panel.set_yticks(range(len(rows)), [LIBRARIES[row.library] for row in rows])
    panel.invert_yaxis()
    panel.set_xlim(0, edge)
    panel.set_xlabel(f"{workload.unit} ({'more' if workload.more_is_better else 'less'} is better)")


def lines(panel: Axes, workload: Workload, rows: list[Row]) -> None:
    """A line for each library over the sizes, on logarithmic axes."""
    for library in dict.fromkeys(row.library for row in rows if row.median):
        points = [(row.size, row.median) for row in rows if row.library == library and row.size and row.median]
        panel.plot(*zip(*points), marker="o", markersize=4, color=COLOURS[library], label=LIBRARIES[library])
    sizes = [case.size for case in workload.cases if case.size]
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks(sizes, [str(size) for size in sizes])
    panel.set_xticks([], minor=True)
    panel.set(xlabel=workload.axis, ylabel=f"{workload.unit} (less is better)")
    panel.grid(alpha=0.3)
    if panel.lines:
        panel.legend(fontsize=8)


def words(row: Row) -> str:
    """The number beside a bar, or why there is none."""
    if row.median is None:
        return {"missing": "not installed", "cannot": "cannot express it"}.get(row.problem, "failed")
    return number(row.median) + (f"  = {number(row.ratio)} x minae's" if row.ratio else "")


def number(value: float) -> str:
    """Three digits, never in powers of ten."""
    return f"{value:,.{max(0, 2 - math.floor(math.log10(value)))}f}" if 0 < value < 100 else f"{value:,.0f}"
