"""Draws the graph that a result has left behind: a box for every op and every leaf, from the top down to the result.

The layout is the one of Sugiyama, Tagawa & Toda 1981, "Methods for Visual Understanding of Hierarchical System
Structures": boxes go into rows, so that every arrow points down; a long arrow gets a bend in each row that it passes,
which keeps its place there as a box does, so that no arrow runs through a box; each row is ordered by where its
neighbours stand, against crossings; then all boxes are put as straight above each other as their widths allow.

Lengths are inches; x grows to the right, y downward.
"""

import copy
import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from . import autograd
from .autograd import Node
from .backend import Array, to_numpy
from .errors import GraphError
from .nn import Module
from .tensor import Tensor

LARGEST = 200  # boxes; a picture of more is a carpet
WRITTEN_OUT = 4  # numbers in a row, and rows; of more, their mean and range are shown
DPI, MOST_PIXELS = 120, 30_000  # matplotlib draws up to 65,535 each way

SIZES = {"title": 10.5, "shape": 9.0, "value": 9.0, "gradient": 9.0}  # points
COLOURS = {"title": "black", "shape": "0.25", "value": "black", "gradient": "#a63603"}
FILLS = {"op": "#deebf7", "leaf": "#fff3cd", "result": "#deebf7"}  # blue and yellow differ to all eyes
EDGES = {"op": "#2171b5", "leaf": "#b8860b", "result": "#08306b"}
CORNERS = {"op": "round,pad=0,rounding_size=0.1", "leaf": "square,pad=0", "result": "round,pad=0,rounding_size=0.1"}
WIDTHS = {"op": 1.2, "leaf": 1.2, "result": 2.6}

LINE, PADDING, BESIDE, MARGIN = 0.175, 0.12, 0.22, 0.15  # of text; within a box; between boxes; around the picture
ROW_GAP, PER_INCH, WIDEST_GAP = 0.34, 0.07, 0.9  # between rows: more where an arrow goes far to the side
PORTS, PIN, NARROWEST = 0.17, 0.1, 0.92  # between arrows' heads in one box; the height of their numbers; a box's width
BEGINNINGS, SWEEPS, STEPS = 12, 8, 50  # of ordering; of straightening
LIGHT = 1e-6  # what a leaf weighs beside an op: ops stand in line, and leaves beside them


class Picture(Figure):
    """A Figure that a notebook shows as a cell's result, without pyplot or any setting."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


@dataclass(eq=False)
class Box:
    """An op, a leaf, the result; or a bend: where an arrow passes through a row. x is its middle, y its upper side."""

    kind: str
    row: int = 0
    lines: list[tuple[str, str]] = field(default_factory=list)  # (style, text)
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0


@dataclass(eq=False)
class Arrow:
    """The use of `source` as argument `index` of the op `target`; `bends` has one box for each row in between."""

    source: Box
    target: Box
    index: int
    bends: list[Box] = field(default_factory=list)
    end: float = 0.0  # the x of its head
    numbered: bool = False

    @property
    def stops(self) -> list[Box]:
        return [self.source, *self.bends, self.target]


def graph(result: Tensor, *, names: Any = None, values: bool = False, gradients: bool = False) -> Figure:
    """A picture of how `result` was computed: what backward() would walk through, drawn before it does.

    Rounded boxes are ops, with the shape of what they computed; rectangles are leaves: the tensors made with
    requires_grad=True. Arrows go the way of the forward pass, down to the result, and enter an op in the order of its
    arguments, from the left; where they do not, each carries its argument's number, from 0.

    The picture shows what the graph holds and no more. Inputs that need no gradient (images, labels, constants) are not
    in it: their numbers are missing at the arrows. Nor are the values that ops computed, except the result's and
    those of tensors in `names`.

    Args:
        result: any tensor that backward() could start from.
        names: for leaves, and for any op's result: a dict of Tensors by name, or a Module, for its parameters' names.
        values: write the numbers into the boxes, up to 4 rows of 4; of more, their mean and range. Of leaves also
            `.grad`, where there is one.
        gradients: write d(result)/d(box) into each box. Nothing is changed by it: the graph is not freed, no `.grad`
            is touched. The result must be a single number.

    Returns a matplotlib Figure: a notebook shows it, `.savefig("graph.png")` writes it (also .svg and .pdf).

    Raises:
        GraphError: there is no graph, or backward() has freed it.
        ValueError: more than 200 boxes; or gradients=True where the result is not a single number.
        TypeError: `result` is no Tensor, or `names` is neither a Module nor a dict of Tensors.
    """
    nodes = _read(_root(result))
    if len(nodes) > LARGEST:
        raise ValueError(
            f"graph: {len(nodes):,} ops and leaves are too many for a picture, at most {LARGEST}: draw a smaller "
            "network or fewer steps of it, or cut off what comes before a tensor with .detach()"
        )
    boxes = {node: Box("leaf" if isinstance(node, Tensor) else "op") for node in nodes}
    boxes[nodes[-1]].kind = "result"
    _label(boxes, result, _by_name(names), values, _gradients(nodes, result) if gradients else {})
    arrows = [Arrow(boxes[source], boxes[node], index) for node in nodes for source, _, index in _edges(node)]
    rows = _arrange(list(boxes.values()), arrows)
    return _draw(rows, arrows)


# --- what the graph holds ---------------------------------------------------------------------------------------------


def _root(result: Any) -> Node:
    if not isinstance(result, Tensor):
        raise TypeError(f"graph: expected the Tensor that the computation ends with, found {type(result).__name__}")
    if result._node is not None:
        return result._node
    if result.requires_grad:
        raise GraphError("graph: this tensor is a leaf, which no op has computed: there is nothing to draw")
    raise GraphError("graph: this tensor depends on nothing with requires_grad=True (or was computed under no_grad())")


def _edges(node: Node | Tensor) -> list:
    """(input, vjp, index) for each input that needs a gradient; a leaf has none."""
    return node.edges or [] if isinstance(node, Node) else []


def _read(root: Node) -> list[Node | Tensor]:
    """Every op and leaf behind `root`, and root itself at the end: inputs come before what uses them.

    A walk in depth, argument by argument, with a stack of its own: no depth of graph meets Python's recursion limit.
    """
    order: list[Node | Tensor] = []
    seen: set[Node | Tensor] = {root}
    open_nodes = [(root, iter(_not_freed(root)))]
    while open_nodes:
        node, inputs = open_nodes[-1]
        new = next((source for source, _, _ in inputs if source not in seen), None)
        if new is None:
            order.append(node)
            open_nodes.pop()
        else:
            seen.add(new)
            open_nodes.append((new, iter(_not_freed(new))))
    return order


def _not_freed(node: Node | Tensor) -> list:
    if isinstance(node, Node) and node.edges is None:
        raise GraphError(
            f"graph: the graph behind {node.name!r} has been freed by an earlier backward(); "
            "compute the result again, and draw it before backward()"
        )
    return _edges(node)


def _gradients(nodes: Sequence[Node | Tensor], result: Tensor) -> dict[Node | Tensor, Array]:
    """d(result)/d(node) for every node: backward() goes through a copy of the graph, so that nothing else changes."""
    if result.size != 1:
        raise ValueError(
            f"graph: gradients=True needs a result that is a single number, found shape {result.shape}; "
            "reduce it to one, e.g. with .sum()"
        )
    twins: dict = {n: copy.copy(n) if isinstance(n, Node) else Tensor(n.data, requires_grad=True) for n in nodes}
    arrived: dict[Node | Tensor, Array] = {}

    def noting(node: Node, vjp: Callable[[Array], Array]) -> Callable[[Array], Array]:
        def vjp_of_twin(g: Array) -> Array:
            arrived[node] = g
            return vjp(g)

        return vjp_of_twin

    for node in nodes:
        if isinstance(node, Node):
            twins[node].edges = [(twins[source], noting(node, vjp), index) for source, vjp, index in _edges(node)]
    autograd.backward(twins[nodes[-1]], autograd.ones_like(result.data))
    return arrived | {leaf: twins[leaf].grad for leaf in nodes if isinstance(leaf, Tensor)}


def _by_name(names: Any) -> dict[str, Tensor]:
    named = dict(names.named_parameters()) if isinstance(names, Module) else {} if names is None else names
    if not isinstance(named, dict):
        raise TypeError(f"graph: names must be a Module or a dict of Tensors by name, found {type(names).__name__}")
    for name, tensor in named.items():
        if not isinstance(name, str) or not isinstance(tensor, Tensor):
            raise TypeError(f"graph: names must hold Tensors by name, found {name!r}: {type(tensor).__name__}")
    return named


# --- what the boxes say -----------------------------------------------------------------------------------------------


def _label(boxes: dict, result: Tensor, named: dict[str, Tensor], values: bool, gradients: dict) -> None:
    """Write into each box its lines, and make it large enough for them."""
    tensors = {result._node: result} | {tensor._node or tensor: tensor for tensor in named.values()}
    names = {tensor._node or tensor: name for name, tensor in reversed(named.items())}
    for node, box in boxes.items():
        tensor = node if isinstance(node, Tensor) else tensors.get(node)
        box.lines = [("title", _title(node, names.get(node))), ("shape", _shape(node.shape))]
        if values and tensor is not None:
            box.lines += [("value", line) for line in _numbers("", tensor.data)]
            if tensor.grad is not None:
                box.lines += [("value", line) for line in _numbers(".grad ", tensor.grad)]
        if node in gradients:
            box.lines += [("gradient", line) for line in _numbers("gradient ", gradients[node])]
        box.width = max(NARROWEST, max(_width(*line) for line in box.lines) + 2 * PADDING)
        box.height = len(box.lines) * LINE + PADDING


def _title(node: Node | Tensor, name: str | None) -> str:
    if name is not None and not name.isprintable():
        name = repr(name)
    if isinstance(node, Tensor):
        return name or type(node).__name__
    return f"{name} = {node.name}" if name else node.name


def _shape(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "scalar"


def _numbers(label: str, array: Array) -> list[str]:
    """The numbers themselves, row by row, or the mean and the range of many."""
    array = to_numpy(array).astype(np.float64)
    if array.size == 0:
        return [f"{label}[]"]
    if array.ndim > 2 or max(array.shape, default=1) > WRITTEN_OUT:
        if array.min() == array.max():
            return [f"{label}all {array.min():.3g}"]
        with np.errstate(invalid="ignore"):  # the mean of ∞ and -∞ is shown as what it is, nan
            return [f"{label}mean {array.mean():.3g}", f"{array.min():.3g} to {array.max():.3g}"]
    text = np.array2string(array, separator=", ", formatter={"float_kind": lambda number: f"{number:.3g}"})
    first, *rest = text.split("\n")
    return [label + first, *(line.strip() for line in rest)]


def _width(style: str, text: str) -> float:
    outline = TextPath((0, 0), _plain(text), SIZES[style], prop=FontProperties(weight=_weight(style)))
    return outline.get_extents().x1 / 72 if text.strip() else 0.0


def _weight(style: str) -> str:
    return "bold" if style == "title" else "normal"


def _plain(text: str) -> str:
    """No formula, whatever dollar signs a name has."""
    return text.replace("$", r"\$")


# --- where the boxes stand --------------------------------------------------------------------------------------------


def _arrange(boxes: list[Box], arrows: list[Arrow]) -> list[list[Box]]:
    """The rows from top to bottom, each with its boxes and bends from left to right, all in their places."""
    _choose_rows(boxes, arrows)
    rows = _rows_with_bends(boxes, arrows)
    above, below = _neighbours(arrows)
    rows = _order(rows, above, below, arrows)
    _straighten(rows, above, below)
    for box in boxes:
        _aim(box, [arrow for arrow in arrows if arrow.target is box])
    _stack(rows, below)
    return rows


def _choose_rows(boxes: list[Box], arrows: list[Arrow]) -> None:
    """As high as its inputs allow; then down to its first user, where that makes no arrows longer in sum."""
    inputs, users = defaultdict(set), defaultdict(set)
    for arrow in arrows:
        inputs[arrow.target].add(arrow.source)
        users[arrow.source].add(arrow.target)
    for box in boxes:
        box.row = 1 + max((source.row for source in inputs[box]), default=-1)
    for box in boxes[-2::-1]:  # all but the result, users first
        if sum(source.kind != "leaf" for source in inputs[box]) <= len(users[box]):
            box.row = min(user.row for user in users[box]) - 1


def _rows_with_bends(boxes: list[Box], arrows: list[Arrow]) -> list[list[Box]]:
    """The arrows of one box share their bends: they leave as one line, and part where they must."""
    bends: dict[tuple[Box, int], Box] = {}
    for arrow in arrows:
        for row in range(arrow.source.row + 1, arrow.target.row):
            arrow.bends.append(bends.setdefault((arrow.source, row), Box("bend", row)))
    place = {box: place for place, box in enumerate(boxes)}
    place |= {bend: place[source] for (source, _), bend in bends.items()}
    rows: list[list[Box]] = [[] for _ in range(boxes[-1].row + 1)]
    for box in sorted(place, key=lambda box: place[box]):
        rows[box.row].append(box)
    return rows


def _neighbours(arrows: list[Arrow]) -> tuple[dict[Box, list[Box]], dict[Box, list[Box]]]:
    """What each box is joined to in the row above it, and in the row below."""
    above, below = defaultdict(list), defaultdict(list)
    for upper, lower in dict.fromkeys(pair for arrow in arrows for pair in pairwise(arrow.stops)):
        above[lower].append(upper)
        below[upper].append(lower)
    return above, below


def _order(rows: list[list[Box]], above: dict, below: dict, arrows: list[Arrow]) -> list[list[Box]]:
    """Each row by where its neighbours stand, upward and downward in turn; of all orders seen the best is kept.

    What begins in another order may end in a better one: the first beginning is the order of the arguments, the others
    are shuffled (always alike).
    """
    rng = Random(0)
    best, least = rows, (math.inf, math.inf, math.inf)
    for _ in range(BEGINNINGS):
        for row in rows:
            _stand(row, [0.0] * len(row))
        for sweep in range(SWEEPS):
            upward = sweep % 2 == 0
            side = below if upward else above
            rows = [_sorted_by(row, side) for row in (rows[::-1] if upward else rows)][:: -1 if upward else 1]
            if (score := _score(rows, below, arrows)) < least:
                best, least = rows, score
        if least[:2] == (0, 0):
            break
        rows = [rng.sample(row, len(row)) for row in rows]
    return best


def _sorted_by(row: list[Box], side: dict) -> list[Box]:
    """The row in the order of its neighbours on one side; a box that has none there keeps its place."""
    wanted = {box: round(_mean(box, side[box]), 6) for box in row if side[box]}
    moved = iter(sorted(wanted, key=lambda box: wanted[box]))
    row = [next(moved) if box in wanted else box for box in row]
    _stand(row, [wanted.get(box, box.x) for box in row])
    return row


def _straighten(rows: list[list[Box]], above: dict, below: dict) -> None:
    """All in balance between their neighbours; then each right under its inputs, and leaves above users; x >= 0."""
    for step in range(STEPS):
        for row in rows if step % 2 else rows[::-1]:
            _stand(row, [_mean(box, above[box] + below[box]) for box in row])
    for row in rows:
        _stand(row, [_mean(box, above[box]) if above[box] else box.x for box in row])
    for row in rows[::-1]:
        _stand(row, [_mean(box, below[box]) if box.kind == "leaf" else box.x for box in row])
    left = min(box.x - box.width / 2 for row in rows for box in row)
    for row in rows:
        for box in row:
            box.x -= left


def _score(rows: list[list[Box]], below: dict, arrows: list[Arrow]) -> tuple[float, float, float]:
    """How many arrows cross; how many come in before an earlier argument; how far they go aside. Less is better."""
    crossings, aside = 0, 0.0
    for row in rows:
        ends: list[float] = []
        for box in row:
            crossings += sum(len(ends) - bisect_right(ends, lower.x) for lower in below[box])
            for lower in below[box]:
                insort(ends, lower.x)
                aside += abs(box.x - lower.x)
    coming = pairwise(sorted(arrows, key=_comes_in))
    disorder = sum(left.target is right.target and left.index > right.index for left, right in coming)
    return crossings, disorder, round(aside, 3)


def _comes_in(arrow: Arrow) -> tuple[int, float, float, int]:
    """The order in which arrows come in, from left to right, at one box after the other."""
    return arrow.target.row, arrow.target.x, arrow.stops[-2].x, arrow.index


def _mean(box: Box, neighbours: Iterable[Box]) -> float:
    """Where its neighbours want a box to stand: leaves hardly count, and long arrows want to be straight."""
    weights = [(_link(box, other), other.x) for other in neighbours]
    return sum(weight * x for weight, x in weights) / sum(weight for weight, _ in weights)


def _link(box: Box, other: Box) -> float:
    kinds = (box.kind, other.kind)
    return LIGHT if "leaf" in kinds else float(1 + 3 * kinds.count("bend"))


def _stand(row: list[Box], wanted: Sequence[float]) -> None:
    weights = [LIGHT if box.kind == "leaf" else 1.0 for box in row]
    gaps = [(left.width + right.width) / 2 + BESIDE for left, right in pairwise(row)]
    for box, x in zip(row, _apart(wanted, weights, gaps)):
        box.x = x


def _apart(
    wanted: Sequence[float],
    weights: Sequence[float],
    gaps: Sequence[float],
    low: float = -math.inf,
    high: float = math.inf,
) -> list[float]:
    """Places in the given order, at least `gaps` apart, from `low` to `high`, as near as can be to the wanted ones.

    Least squares, by pooling adjacent violators: what would overlap forms a block, which stands at the mean of what its
    members want.
    """
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    blocks: list[tuple[float, float, int]] = []  # (where it stands, its weight, how many members)
    for place, weight, offset in zip(wanted, weights, offsets):
        x, count = place - offset, 1
        while blocks and blocks[-1][0] > x:
            other, other_weight, other_count = blocks.pop()
            x = (x * weight + other * other_weight) / (weight + other_weight)
            weight, count = weight + other_weight, count + other_count
        blocks.append((x, weight, count))
    starts = np.repeat([x for x, _, _ in blocks], [count for _, _, count in blocks])
    return (np.clip(starts, low, high - offsets[-1]) + offsets).tolist()


def _aim(box: Box, arrows: list[Arrow]) -> None:
    """Spread the heads of a box's arrows over its upper side, ops' right below where they come from if there is room.

    Arrows that are not arguments 0, 1, ... from left to right get their numbers, just below their heads.
    """
    arrows.sort(key=_comes_in)
    inner, count = box.width / 2 - PADDING, len(arrows)
    gaps = [min(PORTS, 2 * inner / max(1, count - 1))] * (count - 1)
    wanted = [min(max(arrow.stops[-2].x, box.x - inner), box.x + inner) for arrow in arrows]
    weights = [LIGHT if arrow.source.kind == "leaf" else 1.0 for arrow in arrows]
    numbered = [arrow.index for arrow in arrows] != list(range(count))
    for arrow, end in zip(arrows, _apart(wanted, weights, gaps, box.x - inner, box.x + inner)):
        arrow.end, arrow.numbered = end, numbered
    box.height += PIN * numbered


def _stack(rows: list[list[Box]], below: dict) -> None:
    """The rows under each other, with more room where an arrow goes far to the side; y from 0 on."""
    top = 0.0
    for row in rows:
        height = max(box.height for box in row)
        for box in row:
            box.y = top + (height - box.height) / 2
        aside = max((abs(box.x - lower.x) for box in row for lower in below[box]), default=0)
        top += height + min(ROW_GAP + PER_INCH * aside, WIDEST_GAP)


# --- the picture ------------------------------------------------------------------------------------------------------


def _draw(rows: list[list[Box]], arrows: list[Arrow]) -> Figure:
    boxes = [box for row in rows for box in row if box.kind != "bend"]
    width = max(box.x + box.width / 2 for row in rows for box in row) + 2 * MARGIN
    height = max(box.y + box.height for box in boxes) + 2 * MARGIN
    figure = Picture(figsize=(width, height), dpi=min(DPI, MOST_PIXELS / max(width, height)))
    panel: Any = figure.add_axes((0, 0, 1, 1))
    panel.set(xlim=(-MARGIN, width - MARGIN), ylim=(height - MARGIN, -MARGIN))
    panel.set_axis_off()
    bands = [(min(b.y for b in row if b.height), max(b.y + b.height for b in row)) for row in rows]
    drawn: set[Box] = set()
    for arrow in arrows:
        known = sum(bend in drawn for bend in arrow.bends)  # arrows of one box share their first bends
        _draw_arrow(panel, arrow.stops[known:], arrow.end, bands)
        drawn.update(arrow.bends)
    for box in boxes:
        _draw_box(panel, box)
    for arrow in arrows:
        if arrow.numbered:
            place = (arrow.end, arrow.target.y + 0.75 * PIN)
            panel.text(*place, str(arrow.index), size=7.5, color="0.25", ha="center", va="center_baseline")
    return figure


def _draw_box(panel: Any, box: Box) -> None:
    corner = (box.x - box.width / 2, box.y)
    panel.add_patch(
        FancyBboxPatch(
            corner,
            box.width,
            box.height,
            boxstyle=CORNERS[box.kind],
            facecolor=FILLS[box.kind],
            edgecolor=EDGES[box.kind],
            linewidth=WIDTHS[box.kind],
        )
    )
    for number, (style, text) in enumerate(box.lines):
        panel.text(
            box.x,
            box.y + box.height - PADDING / 2 - (len(box.lines) - number - 0.5) * LINE,
            _plain(text),
            size=SIZES[style],
            weight=_weight(style),
            color=COLOURS[style],
            ha="center",
            va="center_baseline",
        )


def _draw_arrow(panel: Any, stops: list[Box], end: float, bands: list[tuple[float, float]]) -> None:
    """Straight down through the rows, and to the side only between them, where no box is."""
    points, codes = [(stops[0].x, stops[0].y + stops[0].height)], [Path.MOVETO]
    for upper, lower in pairwise(stops):
        x = lower.x if lower is not stops[-1] else end
        top, bottom = bands[upper.row][1], bands[lower.row][0]
        points += [(upper.x, top), (upper.x, (top + bottom) / 2), (x, (top + bottom) / 2), (x, bottom)]
        codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    if bottom < stops[-1].y:  # not otherwise: a head needs a direction
        points.append((end, stops[-1].y))
        codes.append(Path.LINETO)
    path = Path(points, codes)
    panel.add_patch(FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=11, color="0.25", linewidth=1.2))
