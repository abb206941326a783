"""The picture of a graph: what is in it, that it can be read, and that drawing it changes nothing.

What a picture says is read from the finished figure, as a reader would: from the boxes, the text inside each, and the
boxes that an arrow comes from and points to, all in pixels.
"""

import copy
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from minae import Tensor, cat, differentiable, no_grad
from minae import functional as F
from minae.graphs import drawing
from minae.graphs.drawing import COLOURS, FILLS, graph
from minae.models import VAE, ConvAE
from minae.nn import Linear, ReLU, Sequential
from minae.reports.plots import graph as graph_of_plots
from minae.support.errors import GraphError
from tests import strict_device


def leaf(values, dtype=np.float64):
    return Tensor(np.array(values, dtype), requires_grad=True)


# --- reading a figure -------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Seen:
    """A box as it is drawn: its sides in pixels (y upward), whether its corners are round, the text inside it."""

    left: float
    right: float
    bottom: float
    top: float
    rounded: bool
    border: float
    texts: list = field(default_factory=list)  # (matplotlib's Text, its extent)

    def holds(self, x, y):
        return self.left < x < self.right and self.bottom < y < self.top

    @property
    def lines(self):
        return [text.get_text() for text, _ in self.texts if text.get_fontsize() > 8]

    @property
    def title(self):
        return self.lines[0]

    @property
    def pins(self):
        """The arguments' numbers, from left to right."""
        pins = [text for text, _ in self.texts if text.get_fontsize() < 8]
        return [pin.get_text() for pin in sorted(pins, key=lambda pin: pin.get_position()[0])]


def read(figure):
    """The boxes of a figure, from top to bottom and left to right, and its arrows: dense points, tip included."""
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    panel = figure.axes[0]
    boxes = []
    for patch in panel.findobj(FancyBboxPatch):
        extent = patch.get_window_extent()
        rounded = "Round" in type(patch.get_boxstyle()).__name__
        boxes.append(Seen(extent.x0, extent.x1, extent.y0, extent.y1, rounded, patch.get_linewidth()))
    for text in panel.texts:
        extent = text.get_window_extent()
        middle = (extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2
        next(box for box in boxes if box.holds(*middle)).texts.append((text, extent))
    return sorted(boxes, key=lambda box: (-box.top, box.left)), [course(p) for p in panel.findobj(FancyArrowPatch)]


def course(patch):
    """An arrow's line and the outline of its head, as points less than a pixel apart."""
    points = []
    for polygon in patch.get_transform().transform_path(patch.get_path()).to_polygons(closed_only=False):
        lengths = np.hypot(*np.diff(polygon, axis=0).T).cumsum()
        places = np.linspace(0, lengths[-1], 2 + int(lengths[-1]))
        points.append(np.stack([np.interp(places, [0, *lengths], along) for along in polygon.T], axis=1))
    return np.concatenate(points)


def arrows_of(figure):
    """(title, title) for every arrow: the box below which it begins (or that of the arrow it branches from), and the
    box on which its tip stands."""
    boxes, courses = read(figure)
    return Counter((source_of(course, boxes, courses).title, target_of(course, boxes).title) for course in courses)


def source_of(course, boxes, courses):
    x, y = course[0]
    for box in boxes:
        if box.left < x < box.right and abs(box.bottom - y) < 2:
            return box
    (trunk,) = [c for c in courses if c[0, 1] > y + 2 and np.hypot(*(c - course[0]).T).min() < 1.5][:1]
    return source_of(trunk, boxes, courses)


def target_of(course, boxes):
    x, y = course[course[:, 1].argmin()]
    (box,) = [box for box in boxes if box.left <= x <= box.right and abs(box.top - y) < 4]
    return box


def titles(figure):
    return sorted(box.title for box in read(figure)[0])


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_a_reused_input_has_an_arrow_for_each_use():
    a, b = leaf([1, 2, 3]), leaf([4, 5, 6])
    y = (a * b + a).sum()
    figure = graph(y, names={"a": a, "b": b})
    assert titles(figure) == ["a", "add", "b", "mul", "sum"]
    assert arrows_of(figure) == Counter(
        {("a", "mul"): 1, ("b", "mul"): 1, ("mul", "add"): 1, ("a", "add"): 1, ("add", "sum"): 1}
    )


def test_both_arguments_of_one_op_may_be_one_tensor():
    a = leaf(3)
    figure = graph(a * a, names={"a": a})
    assert arrows_of(figure) == Counter({("a", "mul"): 2})


def test_a_diamond():
    x = leaf(0.5)
    h = x.exp()
    figure = graph(h.log() + h.sqrt(), names={"x": x})
    assert arrows_of(figure) == Counter(
        {("x", "exp"): 1, ("exp", "log"): 1, ("exp", "sqrt"): 1, ("log", "add"): 1, ("sqrt", "add"): 1}
    )


def test_boxes_tell_shapes_and_kinds_and_the_result_is_at_the_bottom():
    w, x = leaf([[1], [2]]), leaf([1, 2, 3])
    boxes, _ = read(graph(w + x, names={"w": w}))
    assert [box.lines for box in boxes] == [["w", "(2, 1)"], ["Tensor", "(3,)"], ["add", "(2, 3)"]]
    assert [box.rounded for box in boxes] == [False, False, True]
    assert boxes[-1].border > boxes[0].border
    assert "scalar" in read(graph(w.sum()))[0][-1].lines


def test_inputs_that_need_no_gradient_are_missing_and_so_are_their_numbers():
    a = leaf([1, 2])
    figure = graph(1 - a * Tensor([3.0, 4.0]), names={"a": a})
    assert titles(figure) == ["a", "mul", "sub"]
    boxes, _ = read(figure)
    assert [box.pins for box in boxes] == [[], [], ["1"]]  # 1 - ..., and not ... - 1
    assert read(graph(a - 1))[0][-1].pins == []


def test_arrows_in_another_order_than_the_arguments_are_numbered():
    a, b = leaf(1), leaf(2)
    assert read(graph(a - b))[0][-1].pins == []
    boxes, _ = read(graph((a * b).exp() - a.exp() * (b - a), names={"a": a, "b": b}))
    for box in boxes:
        assert box.pins in ([], ["1", "0"]), box.title
    boxes, _ = read(graph(VAE(rng=0).losses(Tensor(np.zeros((2, 1, 28, 28), np.float32)), rng=0)["loss"]))
    assert next(box.pins for box in boxes if box.title == "linear") == ["1", "2"]  # the image needs no gradient


def test_names_come_from_a_module_or_a_dict():
    model = Sequential(Linear(3, 4, rng=0), ReLU(), Linear(4, 1, rng=0))
    h = model[0](Tensor(np.ones((2, 3), np.float32)))
    loss = model[2](F.relu(h)).sum()
    layers = ["0.bias", "0.weight", "2.bias", "2.weight"]
    assert titles(graph(loss, names=model)) == [*layers, "linear", "linear", "relu", "sum"]
    assert titles(graph(loss)) == [*["Parameter"] * 4, "linear", "linear", "relu", "sum"]
    named = dict(model.named_parameters()) | {"h": h, "loss": loss, "elsewhere": leaf(1)}
    assert titles(graph(loss, names=named)) == [*layers, "h = linear", "linear", "loss = sum", "relu"]


def test_names_come_from_modules_in_a_dict_too():
    encoder, decoder = Linear(3, 2, rng=0), Sequential(Linear(2, 3, rng=0))
    loss = decoder(encoder(Tensor(np.ones((2, 3), np.float32)))).sum()
    expected = ["decoder.0.bias", "decoder.0.weight", "encoder.bias", "encoder.weight", "linear", "linear"]
    assert titles(graph(loss, {"encoder": encoder, "decoder": decoder, "loss": loss})) == [*expected, "loss = sum"]


def notes(figure):
    """What is written below the picture, after a look that it lies within it and on nothing else."""
    boxes, _ = read(figure)
    width, _ = figure.canvas.get_width_height()
    extents = [text.get_window_extent() for text in figure.texts]
    for i, extent in enumerate(extents):
        assert 0 <= extent.x0 and extent.x1 <= width and 0 <= extent.y0 < extent.y1 < min(box.bottom for box in boxes)
        assert not any(extent.shrunk(1, 0.9).overlaps(other.shrunk(1, 0.9)) for other in extents[:i])
    return " ".join(text.get_text() for text in reversed(figure.texts))


def test_a_note_says_what_the_numbers_at_arrows_mean_where_there_are_any():
    a = leaf(1)
    assert notes(graph(a * 2 - a)) == ""
    assert notes(graph(2 - a)).startswith("A number at an arrow: which argument of the op this is, counted from 0.")


def test_a_picture_is_as_narrow_as_its_boxes_unless_a_note_needs_room():
    a = leaf(1)
    assert graph(a.exp()).get_figwidth() < 1.5
    assert graph(2 - a).get_figwidth() == 2.5


def test_a_number_on_the_left_is_the_first_argument():
    a = leaf(1)
    for result in (2 + a, 2 * a, 2 / a, 2**a):
        assert notes(graph(result)).startswith("A number at an arrow")
    for result in (a + 2, a * 2, a / 2, a**2):
        assert notes(graph(result)) == ""


def test_a_note_says_how_parameters_get_their_names_where_they_have_none():
    model = VAE(hidden=16, rng=0)
    loss = model.losses(Tensor(np.zeros((2, 1, 28, 28), np.float32)), rng=0)["loss"]
    assert "graph(result, model)" in notes(graph(loss))
    assert "graph(result, model)" in notes(graph(loss, model.decoder))
    assert "graph(result, model)" not in notes(graph(loss, model))
    assert notes(graph(leaf(1).exp())) == ""


def test_the_first_of_two_names_is_shown_and_no_name_is_a_formula():
    a = leaf(1)
    boxes, _ = read(graph(a.exp(), names={"$a_1$": a, "other": a}))
    assert boxes[0].title == "$a_1$" and not boxes[0].texts[0][0].get_parse_math()
    assert titles(graph(a.exp(), names={"a\nb": a})) == ["'a\\nb'", "exp"]


def test_plots_has_it_too():
    assert graph_of_plots is graph


# --- values and gradients ---------------------------------------------------------------------------------------------


def test_values_are_written_out_where_they_are_known():
    a, b, big = leaf([[1.25, -2]]), leaf([[3], [4]]), leaf(np.arange(12).reshape(2, 6))
    h = a @ b
    a.grad = np.array([[7.0, 8]])
    y = h.sum() + big.sum()
    boxes, _ = read(graph(y, names={"a": a, "b": b, "h": h, "big": big}, values=True))
    lines = {box.title: box.lines[2:] for box in boxes}
    assert lines == {
        "a": ["[[1.25, -2]]", ".grad [[7, 8]]"],
        "b": ["[[3],", "[4]]"],
        "h = matmul": ["[[-4.25]]"],
        "big": ["mean 5.5", "0 to 11"],
        "sum": [],
        "add": ["61.8"],
    }


@pytest.mark.parametrize(
    "values, lines",
    [
        ([], ["[]"]),
        (np.zeros((9, 0)), ["[]"]),
        ([0.5] * 5, ["all 0.5"]),
        ([np.nan] * 5, ["mean nan", "nan to nan"]),
        ([np.inf, -np.inf, 0, 0, 0], ["mean nan", "-inf to inf"]),
        ([[[1.0]]], ["all 1"]),
        (1e-7, ["1e-07"]),
    ],
)
def test_values_of_every_kind(values, lines):
    a = leaf(values)
    assert read(graph(a.reshape(-1), names={"a": a}, values=True))[0][0].lines[2:] == lines


def test_gradients_are_written_into_every_box():
    a, b = leaf([1, 2, 3]), leaf([0.5, -1, 2])
    y = (a * b + a).sum()  # dy/da = b + 1, dy/db = a
    boxes, _ = read(graph(y, names={"a": a, "b": b}, gradients=True))
    assert {box.title: box.lines[2:] for box in boxes} == {
        "a": ["gradient [1.5, 0, 3]"],
        "b": ["gradient [1, 2, 3]"],
        "mul": ["gradient [1, 1, 1]"],
        "add": ["gradient [1, 1, 1]"],
        "sum": ["gradient 1"],
    }


def test_gradients_are_those_of_backward():
    model, x = VAE(hidden=16, rng=0), Tensor(np.random.default_rng(1).random((3, 1, 28, 28), dtype=np.float32))
    loss = model.losses(x, rng=2)["loss"]
    nodes = drawing._read(loss._node)
    gradients = drawing._gradients(nodes, loss)
    assert gradients.keys() == set(nodes)
    loss.backward()
    for name, parameter in model.named_parameters():
        np.testing.assert_array_equal(gradients[parameter], parameter.grad, err_msg=name)


def test_the_gradient_at_an_op_is_that_of_a_leaf_in_its_place():
    def rest(h):
        return (h * h.exp() + h).sum()

    x = leaf([[0.5, 1, -1]])
    h = x.tanh() * Tensor([[1.0], [2.0]])
    y = rest(h)
    at_h = drawing._gradients(drawing._read(y._node), y)[h._node]
    instead = leaf(h.data)
    rest(instead).backward()
    np.testing.assert_array_equal(at_h, instead.grad)


def test_drawing_changes_nothing():
    model, x = VAE(hidden=16, rng=0), Tensor(np.random.default_rng(1).random((3, 1, 28, 28), dtype=np.float32))
    expected = model.losses(x, rng=2)["loss"]
    expected.backward()
    grads = {name: parameter.grad for name, parameter in model.named_parameters()}
    model.zero_grad()

    loss = model.losses(x, rng=2)["loss"]
    nodes = drawing._read(loss._node)
    before = [copy.copy(drawing._edges(node)) for node in nodes]
    data = {name: parameter.data.copy() for name, parameter in model.named_parameters()}
    graph(loss, names=model, values=True, gradients=True)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert [drawing._edges(node) for node in nodes] == before
    loss.backward()
    for name, parameter in model.named_parameters():
        np.testing.assert_array_equal(parameter.data, data[name], err_msg=name)
        np.testing.assert_array_equal(parameter.grad, grads[name], err_msg=name)


def test_a_gradient_that_is_there_stays_as_it_is():
    a = leaf([1, 2])
    (a * a).sum().backward()
    there, numbers = a.grad, a.grad.copy()
    graph((a * 3).sum(), gradients=True, values=True)
    assert a.grad is there and (there == numbers).all()


def test_arrays_of_a_device_are_drawn():
    a = Tensor(strict_device.asarray(np.array([1.0, 2.0])), requires_grad=True)
    boxes, _ = read(graph((a * a).sum(), names={"a": a}, values=True, gradients=True))
    assert boxes[0].lines[2:] == ["[1, 2]", "gradient [2, 4]"]


# --- can it be read? --------------------------------------------------------------------------------------------------


def vae_loss():
    x = Tensor(np.random.default_rng(0).random((4, 1, 28, 28), dtype=np.float32))
    model = VAE(rng=0)
    return model.losses(x, rng=0)["loss"], model


def learned_variance_loss():
    model = VAE(rng=0, likelihood="gaussian-learned")
    return model.losses(Tensor(np.zeros((2, 1, 28, 28), np.float32)), rng=0)["loss"], model


def conv_loss():
    model = ConvAE(rng=0)
    return model.losses(Tensor(np.zeros((2, 1, 28, 28), np.float32)))["loss"], model


def neuron():
    names = {name: leaf(value) for name, value in {"w1": -3, "x1": 2, "w2": 1, "x2": 0, "b": 6.88}.items()}
    w1, x1, w2, x2, b = names.values()
    return (w1 * x1 + w2 * x2 + b).tanh(), names


def reuse_from_afar():
    """One leaf is used in every second row, beside all else."""
    x = leaf(np.ones((2, 3)))
    h = x
    for _ in range(6):
        h = (h * 2).tanh() + x * h
    return h.sum(), {"x": x}


def many_leaves():
    leaves = {f"a parameter with a long name, {i}": leaf([i] * 3) for i in range(8)}
    total = leaf(0)
    for a in leaves.values():
        total = total + a.sum() * a.mean()
    return total, leaves


def chain():
    x = leaf(1)
    for _ in range(40):
        x = x.tanh()
    return x, None


@differentiable
def sum_of_four(a, b, c, d):
    return a + b + c + d, (lambda g: g, lambda g: g, lambda g: g, lambda g: g)


def many_arguments():
    """More arrows than have room on a narrow box at their usual distance."""
    leaves = [leaf([i]) for i in range(12)]
    return cat(leaves).sum(), None


def random_graph(seed):
    """30 ops on inputs chosen at random among all results so far, all of which the last op depends on."""
    rng = np.random.default_rng(seed)
    results = [leaf(rng.normal(size=2)) for _ in range(5)]
    unused = set(range(5))
    for _ in range(30):
        chosen = rng.integers(len(results), size=4)
        few = rng.random() < 0.8
        a, b, c, d = (results[i] for i in chosen)
        unused -= set(chosen[:2].tolist() if few else chosen.tolist())
        unused.add(len(results))
        results.append(a * b if few else sum_of_four(a, b, c, d))
    total = results[-1]
    for i in sorted(unused - {len(results) - 1}):
        total = total + results[i]
    return total.sum() * 0, {f"result {i}": result for i, result in enumerate(results) if i % 3 == 0}


GRAPHS = {
    f.__name__: f
    for f in (vae_loss, learned_variance_loss, conv_loss, neuron, reuse_from_afar, many_leaves, many_arguments, chain)
} | {f"random {seed}": lambda seed=seed: random_graph(seed) for seed in range(2)}


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
@pytest.mark.parametrize(
    "name, detailed", [*((name, True) for name in GRAPHS), ("vae_loss", False), ("reuse_from_afar", False)]
)
def test_nothing_overlaps_and_no_arrow_runs_through_a_box(name, detailed):
    result, names = GRAPHS[name]()
    figure = graph(result, names=names, values=detailed, gradients=detailed)
    boxes, courses = read(figure)
    width, height = figure.canvas.get_width_height()
    for i, box in enumerate(boxes):
        assert 0 < box.left and box.right < width and 0 < box.bottom and box.top < height
        for other in boxes[:i]:
            apart = box.right + 5 < other.left or other.right + 5 < box.left
            assert apart or box.top + 15 < other.bottom or other.top + 15 < box.bottom, (box.title, other.title)
        for j, (text, extent) in enumerate(box.texts):
            assert box.holds(extent.x0, extent.y0) and box.holds(extent.x1, extent.y1), text
            for other, other_extent in box.texts[:j]:
                assert not extent.shrunk(1, 0.7).overlaps(other_extent), (text, other)
    for line in courses:
        assert (line > 0).all() and (line < (width, height)).all()
        for box in boxes:
            x, y = line.T
            inside = (x > box.left + 3) & (x < box.right - 3) & (y > box.bottom + 3) & (y < box.top - 3)
            assert not inside.any(), box.title
    nodes = drawing._read(result._node)
    assert len(boxes) == len(nodes)
    assert len(courses) == sum(len(drawing._edges(node)) for node in nodes)
    for line in courses:
        target_of(line, boxes), source_of(line, boxes, courses)


def test_an_arrow_that_passes_a_row_makes_it_no_higher():
    """A row is as high as its boxes; from row to row it is 0.34 inches, and a little more where an arrow goes aside."""

    def gaps(figure):
        boxes, _ = read(figure)
        ops = [box for box in boxes if box.rounded]
        return [(upper.bottom - lower.top) / figure.dpi for upper, lower in pairwise(ops)]

    x = leaf([1, 2])
    straight = gaps(graph(x.tanh().tanh().tanh().exp()))
    passed = gaps(graph(x.tanh().tanh().tanh() * x))
    assert straight == pytest.approx([0.34] * 3, abs=0.01)
    assert passed == pytest.approx([0.34] * 3, abs=0.08)


def test_text_stands_in_the_middle_of_its_box():
    boxes, _ = read(graph(vae_loss()[0], values=True, gradients=True))
    for box in (box for box in boxes if not box.pins):
        x, y = np.transpose([text.get_transform().transform(text.get_position()) for text, _ in box.texts])
        np.testing.assert_allclose(x, (box.left + box.right) / 2, atol=1, err_msg=box.title)
        assert (y.max() + y.min()) / 2 == pytest.approx((box.top + box.bottom) / 2, abs=1), box.title


def test_ops_in_a_chain_stand_right_below_each_other():
    boxes, _ = read(graph(conv_loss()[0]))
    middles = [(box.left + box.right) / 2 for box in boxes if box.rounded]
    assert len(middles) == 21 and np.ptp(middles) < 1


def test_arrows_cross_as_little_as_can_be():
    """The third product wants to stand beside the first, whose leaves it uses, and not beside the sum of the others."""
    a, b, c, d = (leaf(i) for i in range(4))
    assert crossings(graph((a * b).exp() + (c * d).exp() + (b * a).exp())) == 1  # two to two: that cannot be avoided
    assert crossings(graph(neuron()[0])) == 0
    assert crossings(graph(vae_loss()[0])) == 1  # mu and log_var both go to the sample and to the KL divergence


def crossings(figure):
    """How many pairs of arrows that come from different boxes meet."""
    boxes, courses = read(figure)
    sources = [source_of(line, boxes, courses) for line in courses]
    return sum(
        np.hypot(*(courses[i][:, None] - courses[j][None]).T).min() < 1.5
        for i, j in combinations(range(len(courses)), 2)
        if sources[i] is not sources[j]
    )


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_text_stands_out_from_its_box():
    """Contrast of at least 4.5 : 1, WCAG 2.1, 1.4.3."""
    for fill in FILLS.values():
        for colour in COLOURS.values():
            assert (luminance(fill) + 0.05) / (luminance(colour) + 0.05) > 4.5


# --- where it goes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix, start", [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_it_is_written_to_a_file(tmp_path, suffix, start):
    graph(neuron()[0], values=True, gradients=True).savefig(tmp_path / f"graph.{suffix}")
    assert (tmp_path / f"graph.{suffix}").read_bytes().startswith(start)


def test_a_notebook_shows_it_as_a_cells_result():
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(graph(neuron()[0]))
    assert data["image/png"].startswith(b"\x89PNG")


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_freed_graph():
    a = leaf([1, 2])
    y = (a * a).sum()
    y.backward()
    with pytest.raises(GraphError, match="graph: the graph behind 'sum' has been freed by an earlier backward"):
        graph(y)
    h = a.exp()
    h.sum().backward()
    with pytest.raises(GraphError, match="behind 'exp' has been freed"):
        graph(h.log())


def test_no_graph():
    with pytest.raises(GraphError, match="depends on nothing with requires_grad=True"):
        graph(Tensor([1.0]) * 2)
    with no_grad(), pytest.raises(GraphError, match="no_grad"):
        graph(leaf(1) * 2)
    with pytest.raises(GraphError, match="this tensor is a leaf"):
        graph(leaf(1))
    with pytest.raises(TypeError, match="expected the Tensor that the computation ends with, found ndarray"):
        graph(np.ones(3))


def test_too_many_boxes_are_refused_however_deep_the_graph():
    x = leaf(1)
    for _ in range(100_000):
        x = x + 1
    with pytest.raises(
        ValueError, match=r"graph: 100,001 ops and leaves are too many for a picture, at most 200: draw"
    ):
        graph(x, gradients=True)


def test_gradients_of_many_numbers():
    with pytest.raises(ValueError, match=r"gradients=True needs a result that is a single number, found shape \(2,\)"):
        graph(leaf([1, 2]) * 2, gradients=True)


@pytest.mark.parametrize(
    "names, found",
    [
        ([1], "names must be a Module or a dict of Tensors and Modules by name, found list"),
        ({"a": np.ones(2)}, "names must hold Tensors and Modules by name, found 'a': ndarray"),
        ({1: Tensor(1.0)}, "names must hold Tensors and Modules by name, found 1: Tensor"),
    ],
)
def test_wrong_names(names, found):
    with pytest.raises(TypeError, match=found):
        graph(leaf(1).exp(), names=names)


def test_a_wrong_vjp_is_named():
    @differentiable
    def double(x):
        return 2 * x, (lambda g: np.ones(5),)

    with pytest.raises(ValueError, match="double: the vjp of input 0: expected a gradient of the input's shape"):
        graph(double(leaf([1, 2])).sum(), gradients=True)
