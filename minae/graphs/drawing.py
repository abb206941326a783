"""Draws the graph behind a result, with a box for every op and every leaf.

The leaves are at the top and the result is at the bottom. `layout.py` places the boxes.
Lengths are inches; x grows to the right, y downward.
"""

import copy
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from .. import autograd
from ..autograd import Node
from ..backend import Array, ones_like, to_numpy
from ..nn import Module, Parameter
from ..support.errors import GraphError
from ..tensors import Tensor
from .layout import PADDING, PIN, Arrow, Box, arrange

LARGEST = 200  # boxes; a picture of more is too crowded to read
WRITTEN_OUT = 4  # rows and columns; larger arrays are shown by their mean and range
DPI, MOST_PIXELS = 120, 30_000  # matplotlib draws up to 65,535 each way

SIZES = {"title": 10.5, "shape": 9.0, "value": 9.0, "gradient": 9.0}  # points
COLOURS = {"title": "black", "shape": "0.25", "value": "black", "gradient": "#a63603"}
# Blue and yellow look different to colour-blind readers too.
FILLS = {"op": "#deebf7", "leaf": "#fff3cd", "result": "#deebf7"}
EDGES = {"op": "#2171b5", "leaf": "#b8860b", "result": "#08306b"}
CORNERS = {
    "op": "round,pad=0,rounding_size=0.1",
    "leaf": "square,pad=0",
    "result": "round,pad=0,rounding_size=0.1",
}
WIDTHS = {"op": 1.2, "leaf": 1.2, "result": 2.6}

NUMBERED = (
    "A number at an arrow: which argument of the op this is, counted from 0. "
    "Arguments without an arrow need no gradient."
)
UNNAMED = "graph(result, model) writes the names of the model's parameters."
NOTE_SIZE, NOTE_LINE, NOTE_PER_INCH = 8.0, 0.15, 15  # points; inches; letters
NOTE_NARROWEST = 2.5  # the least width of a picture with a note

LINE = 0.175  # the height of a line of text
MARGIN = 0.15  # around the picture
NARROWEST = 0.92  # the least width of a box


class Picture(Figure):
    """A Figure that a notebook shows as the result of a cell, without pyplot."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


def graph(
    result: Tensor, names: Any = None, *, values: bool = False, gradients: bool = False
) -> Figure:
    """A picture of how `result` was computed: the graph that backward() walks through.

    Rounded boxes are ops, with the shape of what they computed. Rectangles are leaves:
    the tensors made with requires_grad=True. Arrows follow the forward pass, down to
    the result. They enter an op from left to right in the order of its arguments. If
    they cannot, each arrow carries its argument's number, counted from 0, and a note
    below the picture says so.

    The picture shows only what the graph holds. Inputs that need no gradient (images,
    labels, constants) are not in it: their numbers are missing at the arrows. The
    values that ops computed are missing too, except the result's and those of tensors
    in `names`.

    Args:
        result: any tensor that backward() could start from.
        names: names for leaves and for the results of ops: a Module, for the names of
            its parameters, or a dict of Tensors and Modules by name.
        values: write the numbers into the boxes, up to 4 rows of 4; of larger arrays,
            their mean and range. For leaves, `.grad` is written too if there is one.
        gradients: write d(result)/d(box) into each box. The result must be a single
            number. This changes nothing: the graph is not freed, and no `.grad` is
            touched.

    Returns a matplotlib Figure: a notebook shows it, and `.savefig("graph.png")` writes
    it to a file (also .svg and .pdf).

    Raises:
        GraphError: there is no graph, or backward() has freed it.
        ValueError: there are more than 200 boxes, or gradients=True but the result is
            not a single number.
        TypeError: `result` is not a Tensor, or `names` is neither a Module nor a dict
            of Tensors and Modules.
    """
    nodes = _read(_root(result))
    if len(nodes) > LARGEST:
        raise ValueError(
            f"graph: {len(nodes):,} ops and leaves are too many for a picture, "
            f"at most {LARGEST}: draw a smaller network or fewer steps of it, "
            "or cut off what comes before a tensor with .detach()"
        )
    boxes = {node: Box("leaf" if isinstance(node, Tensor) else "op") for node in nodes}
    boxes[nodes[-1]].kind = "result"
    named = _by_name(names)
    _label(
        boxes,
        result,
        named,
        values,
        _gradients(nodes, result) if gradients else {},
    )
    arrows = [
        Arrow(boxes[source], boxes[node], index)
        for node in nodes
        for source, _, index in _edges(node)
    ]
    rows = arrange(list(boxes.values()), arrows)
    return _draw(rows, arrows, _notes(nodes, arrows, named))


# --- what the graph holds -------------------------------------------------------------


def _root(result: Any) -> Node:
    if not isinstance(result, Tensor):
        raise TypeError(
            "graph: expected the Tensor that the computation ends with, "
            f"found {type(result).__name__}"
        )
    if result._node is not None:
        return result._node
    if result.requires_grad:
        raise GraphError(
            "graph: this tensor is a leaf, which no op has computed: "
            "there is nothing to draw"
        )
    raise GraphError(
        "graph: this tensor depends on nothing with requires_grad=True "
        "(or was computed under no_grad())"
    )


def _edges(node: Node | Tensor) -> list:
    """(input, vjp, index) for each input that needs a gradient; a leaf has none."""
    if isinstance(node, Node):
        return node.edges or []
    return []


def _read(root: Node) -> list[Node | Tensor]:
    """Every op and leaf behind `root`, each after its inputs; root itself comes last.

    The walk goes depth first, argument by argument. It keeps its own stack, so a deep
    graph does not hit Python's recursion limit.
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
            f"graph: the graph behind {node.name!r} has been freed by an earlier "
            "backward(); compute the result again, and draw it before backward()"
        )
    return _edges(node)


def _gradients(
    nodes: Sequence[Node | Tensor], result: Tensor
) -> dict[Node | Tensor, Array]:
    """d(result)/d(node) for every node.

    backward() walks through a copy of the graph, so the graph itself does not change.
    """
    if result.size != 1:
        raise ValueError(
            "graph: gradients=True needs a result that is a single number, "
            f"found shape {result.shape}; reduce it to one, e.g. with .sum()"
        )
    twins: dict = {
        n: copy.copy(n) if isinstance(n, Node) else Tensor(n.data, requires_grad=True)
        for n in nodes
    }
    arrived: dict[Node | Tensor, Array] = {}

    def noting(node: Node, vjp: Callable[[Array], Array]) -> Callable[[Array], Array]:
        def vjp_of_twin(g: Array) -> Array:
            arrived[node] = g
            return vjp(g)

        return vjp_of_twin

    for node in nodes:
        if isinstance(node, Node):
            twins[node].edges = [
                (twins[source], noting(node, vjp), index)
                for source, vjp, index in _edges(node)
            ]
    autograd.backward(twins[nodes[-1]], ones_like(result.data))
    return arrived | {
        leaf: twins[leaf].grad for leaf in nodes if isinstance(leaf, Tensor)
    }


def _by_name(names: Any) -> dict[str, Tensor]:
    if names is None:
        return {}
    if isinstance(names, Module):
        return dict(names.named_parameters())
    if not isinstance(names, dict):
        raise TypeError(
            "graph: names must be a Module or a dict of Tensors and Modules by name, "
            f"found {type(names).__name__}"
        )
    named: dict[str, Tensor] = {}
    for name, value in names.items():
        if not isinstance(name, str) or not isinstance(value, Tensor | Module):
            raise TypeError(
                "graph: names must hold Tensors and Modules by name, "
                f"found {name!r}: {type(value).__name__}"
            )
        if isinstance(value, Tensor):
            named[name] = value
        else:
            named |= {f"{name}.{of}": p for of, p in value.named_parameters()}
    return named


# --- what the boxes say ---------------------------------------------------------------


def _label(
    boxes: dict, result: Tensor, named: dict[str, Tensor], values: bool, gradients: dict
) -> None:
    """Give each box its lines of text, and make it large enough for them."""
    tensors = {result._node: result} | {
        tensor._node or tensor: tensor for tensor in named.values()
    }
    names = {tensor._node or tensor: name for name, tensor in reversed(named.items())}
    for node, box in boxes.items():
        tensor = node if isinstance(node, Tensor) else tensors.get(node)
        box.lines = [
            ("title", _title(node, names.get(node))),
            ("shape", _shape(node.shape)),
        ]
        if values and tensor is not None:
            box.lines += [("value", line) for line in _numbers("", tensor.data)]
            if tensor.grad is not None:
                box.lines += [
                    ("value", line) for line in _numbers(".grad ", tensor.grad)
                ]
        if node in gradients:
            box.lines += [
                ("gradient", line) for line in _numbers("gradient ", gradients[node])
            ]
        box.width = max(
            NARROWEST, max(_width(*line) for line in box.lines) + 2 * PADDING
        )
        box.height = len(box.lines) * LINE + PADDING


def _notes(
    nodes: Sequence[Node | Tensor], arrows: list[Arrow], named: dict[str, Tensor]
) -> list[str]:
    """What has to be said below the picture."""
    known = set(named.values())
    unnamed = any(isinstance(n, Parameter) and n not in known for n in nodes)
    numbered = any(arrow.numbered for arrow in arrows)
    return [NUMBERED] * numbered + [UNNAMED] * unnamed


def _title(node: Node | Tensor, name: str | None) -> str:
    if name is not None and not name.isprintable():
        name = repr(name)
    if isinstance(node, Tensor):
        return name or type(node).__name__
    return f"{name} = {node.name}" if name else node.name


def _shape(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "scalar"


def _numbers(label: str, array: Array) -> list[str]:
    """The numbers, row by row; of a larger array, their mean and range."""
    array = to_numpy(array).astype(np.float64)
    if array.size == 0:
        return [f"{label}[]"]
    if array.ndim > 2 or max(array.shape, default=1) > WRITTEN_OUT:
        if array.min() == array.max():
            return [f"{label}all {array.min():.3g}"]
        with np.errstate(invalid="ignore"):  # the mean of ∞ and -∞ is shown as nan
            return [
                f"{label}mean {array.mean():.3g}",
                f"{array.min():.3g} to {array.max():.3g}",
            ]
    text = np.array2string(
        array, separator=", ", formatter={"float_kind": lambda number: f"{number:.3g}"}
    )
    first, *rest = text.split("\n")
    return [label + first, *(line.strip() for line in rest)]


def _width(style: str, text: str) -> float:
    font = FontProperties(size=SIZES[style], weight=_weight(style))
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 72


def _weight(style: str) -> str:
    return "bold" if style == "title" else "normal"


# --- the picture ----------------------------------------------------------------------


def _draw(rows: list[list[Box]], arrows: list[Arrow], notes: list[str]) -> Figure:
    boxes = [box for row in rows for box in row if box.kind != "bend"]
    right = max(box.x + box.width / 2 for row in rows for box in row)
    width = max(right + 2 * MARGIN, NOTE_NARROWEST if notes else 0)
    lines = [line for note in notes for line in wrap(note, int(NOTE_PER_INCH * width))]
    height = max(box.y + box.height for box in boxes) + 2 * MARGIN
    height += NOTE_LINE * len(lines)
    figure = Picture(
        figsize=(width, height), dpi=min(DPI, MOST_PIXELS / max(width, height))
    )
    panel: Any = figure.add_axes((0, 0, 1, 1))
    left = (right - width) / 2
    panel.set(xlim=(left, left + width), ylim=(height - MARGIN, -MARGIN))
    panel.set_axis_off()
    for number, line in enumerate(reversed(lines)):
        place = (0.5, (MARGIN / 2 + number * NOTE_LINE) / height)
        figure.text(*place, line, size=NOTE_SIZE, color="0.25", ha="center")
    bands = [
        (min(b.y for b in row if b.height), max(b.y + b.height for b in row))
        for row in rows
    ]
    drawn: set[Box] = set()
    for arrow in arrows:
        # Arrows from one box share their first bends, which are drawn only once.
        shared = sum(bend in drawn for bend in arrow.bends)
        _draw_arrow(panel, arrow.stops[shared:], arrow.end, bands)
        drawn.update(arrow.bends)
    for box in boxes:
        _draw_box(panel, box)
    for arrow in arrows:
        if arrow.numbered:
            place = (arrow.end, arrow.target.y + 0.75 * PIN)
            panel.text(
                *place,
                str(arrow.index),
                size=7.5,
                color="0.25",
                ha="center",
                va="center_baseline",
            )
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
            parse_math=False,  # a dollar sign in a name starts no formula
        )


def _draw_arrow(
    panel: Any, stops: list[Box], end: float, bands: list[tuple[float, float]]
) -> None:
    """Draw an arrow: straight down through rows, sideways only between them."""
    points, codes = [(stops[0].x, stops[0].y + stops[0].height)], [Path.MOVETO]
    for upper, lower in pairwise(stops):
        x = lower.x if lower is not stops[-1] else end
        top, bottom = bands[upper.row][1], bands[lower.row][0]
        points += [
            (upper.x, top),
            (upper.x, (top + bottom) / 2),
            (x, (top + bottom) / 2),
            (x, bottom),
        ]
        codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    if bottom < stops[-1].y:  # a segment of length 0 would give the head no direction
        points.append((end, stops[-1].y))
        codes.append(Path.LINETO)
    path = Path(points, codes)
    panel.add_patch(
        FancyArrowPatch(
            path=path, arrowstyle="-|>", mutation_scale=11, color="0.25", linewidth=1.2
        )
    )
