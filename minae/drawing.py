"""Draws the graph that a result has left behind: a box for every op and every leaf, from the top down to the result.

`layout.py` says where they stand. Lengths are inches; x grows to the right, y downward.
"""

import copy
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from . import autograd
from .autograd import Node
from .backend import Array, to_numpy
from .errors import GraphError
from .layout import PADDING, PIN, Arrow, Box, arrange
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

LINE, MARGIN, NARROWEST = 0.175, 0.15, 0.92  # of text; around the picture; a box's width


class Picture(Figure):
    """A Figure that a notebook shows as a cell's result, without pyplot or any setting."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


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
    rows = arrange(list(boxes.values()), arrows)
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
    font = FontProperties(size=SIZES[style], weight=_weight(style))
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 72


def _weight(style: str) -> str:
    return "bold" if style == "title" else "normal"


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
            text,
            size=SIZES[style],
            weight=_weight(style),
            color=COLOURS[style],
            ha="center",
            va="center_baseline",
            parse_math=False,  # whatever dollar signs a name has
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
