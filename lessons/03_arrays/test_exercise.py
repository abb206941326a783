"""The public checks of exercise 3. Ten points. What they say stands in messages.toml.

All sizes are different primes and all cotangents random, so that no mistake fits by accident.
"""

import math
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, check_op, compare, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT = SAY["what"]


@pytest.mark.points(1, "build")
def test_unbroadcast(exercise, rng):
    axes_in_front = (((3,), (5, 3)), ((5, 3), (2, 5, 3)), ((3,), (2, 5, 3)), ((5, 3), (5, 3)))
    axes_of_size_1 = (((1, 3), (5, 3)), ((5, 1), (5, 3)), ((1, 1), (5, 3)), ((5, 1), (2, 5, 3)), ((1,), (7,)))
    for shape, stretched in axes_in_front + axes_of_size_1:
        check_unbroadcast(exercise, rng, shape, stretched)


@pytest.mark.points(1, "build")
def test_add(exercise, rng):
    for shape_a, shape_b in (((5, 3), (5, 3)), ((5, 3), (3,)), ((5, 1), (2, 1, 3))):
        check_add(exercise, rng, shape_a, shape_b)


@pytest.mark.points(1, "build")
def test_mul(exercise, rng):
    for shape_a, shape_b in (((5, 3), (5, 3)), ((5, 3), (3,)), ((5, 1), (5, 3)), ((5, 1), (2, 1, 3))):
        check_mul(exercise, rng, shape_a, shape_b)


@pytest.mark.points(1, "build")
def test_matmul(exercise, rng):
    check_two_matrices(exercise, rng)
    check_a_batch(exercise, rng)


def check_two_matrices(exercise, rng):
    a, b, g = draw(rng, (2, 3), (3, 5), of=np.matmul)
    what, say = WHAT["two"].format(op="matmul", a=a.shape, b=b.shape), SAY["matmul"]
    check_op(what, exercise.matmul, (a, b), a @ b, g, {
        "a": (g @ b.T, {
            say["a_transposed"]: b @ g.T,
            say["no_g"]: g**0 @ b.T,
            say["a_raises"]: "raises",
        }),
        "b": (a.T @ g, {
            say["b_transposed"]: g.T @ a,
            say["no_g"]: a.T @ g**0,
            say["b_raises"]: "raises",
        }),
    })  # fmt: skip


def check_a_batch(exercise, rng):
    a, b, g = draw(rng, (7, 2, 3), (3, 5), of=np.matmul)
    each = a.swapaxes(-1, -2) @ g
    what, say = WHAT["two"].format(op="matmul", a=a.shape, b=b.shape), SAY["matmul"]
    check_op(what, exercise.matmul, (a, b), a @ b, g, {
        "a": (g @ b.T, {
            say["no_g"]: g**0 @ b.T,
            say["batch_a_raises"]: "raises",
        }),
        "b": (each.sum(axis=0), {
            say["batch_transposed"]: each.sum(axis=0).T,
            say["each"]: each,
            say["mean"]: each.mean(axis=0),
            say["first"]: each[0],
            say["last"]: each[-1],
            say["shape"]: "shape",
            say["batch_b_raises"]: "raises",
        }),
    })  # fmt: skip


@pytest.mark.points(1, "build")
def test_sum(exercise, rng):
    x, say = rng.standard_normal((2, 5, 3)), SAY["sum"]
    for axis in (0, 1, -1):
        for keepdims in (False, True):
            value = x.sum(axis=axis, keepdims=keepdims)
            g = rng.standard_normal(value.shape)
            kept = g if keepdims else np.expand_dims(g, axis)
            mistakes = {
                say["not_repeated"]: kept,
                say["g"]: g,
                say["slopes"]: np.ones_like(x),
                say["mean"]: np.broadcast_to(kept / x.shape[axis], x.shape),
                say["times_x"]: kept * x,
                say["raises"]: "raises",
            }
            what = WHAT["sum"].format(shape=x.shape, axis=axis, keepdims=keepdims)
            of_the_value = {say["no_keepdims"]: x.sum(axis=axis), say["no_axis"]: np.array(x.sum())}
            gradients = {"x": (np.broadcast_to(kept, x.shape), mistakes)}
            check_op(what, exercise.sum_, (x, axis, keepdims), value, g, gradients, of_the_value)


@pytest.mark.points(1, "build")
def test_take_rows(exercise, rng):
    say = SAY["take_rows"]
    for rows in (np.array([4, 0, 2]), np.array([2, 0, 2, 6, 2, 6, 5])):
        x = rng.standard_normal((7, 3))
        g = rng.standard_normal((len(rows), 3))
        expected, assigned, count = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
        for row, of_this_row in zip(rows, g, strict=True):
            expected[row] += of_this_row
            assigned[row] = of_this_row
            count[row] += 1
        mistakes = {
            say["assigned"]: assigned,
            say["g"]: g,
            say["averaged"]: expected / count.clip(1),
            say["counted"]: count,
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        what = WHAT["take_rows"].format(rows=rows.tolist(), shape=x.shape)
        check_op(what, exercise.take_rows, (x, rows), x[rows], g, {"x": (expected, mistakes)})


@pytest.mark.points(1, "build")
def test_log_softmax(exercise, rng):
    say = SAY["log_softmax"]
    for shape, offset in (((5, 3), 0.0), ((2, 5, 3), 0.0), ((5, 3), 1000.0), ((5, 3), -1000.0)):
        x, g = rng.standard_normal(shape) + offset, rng.standard_normal(shape)
        y = np.apply_along_axis(log_softmax_of_a_row, -1, x)
        p, own = np.exp(y), np.eye(shape[-1])
        right = through(own - p[..., None, :], g)  # the table that the docstring gives
        mistakes = {
            say["g"]: g,
            say["no_g"]: g - p,
            say["not_summed"]: g - p * g,
            say["factor"]: through(p[..., None, :] * (own - 1), g),
            say["whole_array"]: g - p * g.sum(),
            say["first_axis"]: g - p * g.sum(axis=0, keepdims=True),
            say["of_softmax"]: through(p[..., None] * (own - p[..., None, :]), g),
            say["y"]: through(own - y[..., None, :], g),
            say["zero"]: np.zeros_like(g),
            say["slopes"]: 1 - shape[-1] * p,
            say["sign"]: 2 * g - right,
            say["g_averaged"]: g - p * g.mean(axis=-1, keepdims=True),
            say["raises"]: "raises",
        }
        below = y - y.max(axis=-1, keepdims=True)
        of_the_value = {
            say["softmax"]: p,
            say["max_and_sum"]: log_softmax_of_a_row(x.ravel()).reshape(shape),
            say["sum"]: below - np.log(np.exp(below).sum()),
            say["not_back"]: y + x.max(axis=-1, keepdims=True),
            say["averaged"]: y + math.log(shape[-1]),
            say["infinite"]: "infinite",
            say["value_raises"]: "raises",
        }
        what = WHAT["log_softmax_near" if offset else "log_softmax"].format(shape=shape, offset=offset)
        dtypes = (np.float64,) if offset else (np.float64, np.float32)  # float32 has too few digits there
        check_op(what, exercise.log_softmax, (x,), y, g, {"x": (right, mistakes)}, of_the_value, dtypes)


# --- shortcut_gradients: mended; each test sees one of two mistakes ---------------------------------------------------


@pytest.mark.points(1, "debug")
def test_shortcut_gradients_of_the_last_bias(exercise, rng):
    check_shortcuts(exercise, rng, "bias", lambda layers: [layers - 1])


@pytest.mark.points(1, "debug")
def test_shortcut_gradients_of_all_weights(exercise, rng):
    check_shortcuts(exercise, rng, "weight", lambda layers: reversed(range(layers)))


def check_shortcuts(exercise, rng, name, which):
    say = SAY["shortcut_gradients"]
    for count, rows, size in rng.permutation([(1, 5, 3), (3, 7, 2), (2, 11, 5)]).tolist():
        layers = [(rng.standard_normal((size, size)) / 2, rng.standard_normal(size)) for _ in range(count)]
        x, target = rng.standard_normal((2, rows, size))
        found = exercise.shortcut_gradients(layers, x, target)
        is_list = isinstance(found, (list, tuple)) and [len(pair) for pair in found] == [2] * count
        assert is_list, say["form"].format(count=count, found=kind(found))
        right, plain = (slopes_of_loss(layers, x, target, shortcut) for shortcut in (1, 0))
        part = ("weight", "bias").index(name)
        for layer in which(count):
            what = say["what"].format(name=name, layer=layer + 1, count=count)
            mistakes = {say["plain"]: plain[layer][part], say["shape"]: "shape"}
            compare(what, found[layer][part], right[layer][part], mistakes)


def slopes_of_loss(layers, x, target, shortcut):
    """Of each weight and bias, by complex steps (lesson 1): exact to the last digits."""

    def loss(parts):
        y = x
        for weight, bias in zip(parts[::2], parts[1::2], strict=True):
            y = shortcut * y + np.tanh(y @ weight + bias)
        return ((y - target) ** 2).mean()

    parts = [part.astype(complex) for pair in layers for part in pair]
    slopes = [np.zeros(part.shape) for part in parts]
    for part, slope in zip(parts, slopes, strict=True):
        for place in np.ndindex(part.shape):
            part[place] += 1e-100j
            slope[place] = loss(parts).imag / 1e-100
            part[place] = part[place].real
    return list(zip(slopes[::2], slopes[1::2], strict=True))


# --- outputs_for_forward_mode: an experiment --------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_outputs_for_forward_mode(exercise, rng):
    say, equal = SAY["outputs_for_forward_mode"], int(rng.integers(5, 30))
    cases = [(equal, equal, equal), *(sizes_with_an_answer(rng, layers) for layers in (2, 2, 3, 3, 4))]
    for at in rng.permutation(len(cases)):
        sizes = cases[at]
        found, expected = exercise.outputs_for_forward_mode(sizes), least_outputs(sizes)
        is_number = isinstance(found, (int, np.integer)) and not isinstance(found, bool)
        assert is_number, say["no_number"].format(sizes=sizes, found=f"{found!r:.60}")
        causes = {
            "tie": sizes == (equal, equal, equal) and found == equal,
            "inputs": found in (sizes[0], sizes[0] + 1) and found != expected,
            "last": found in (sizes[-1], sizes[-1] + 1) and found != expected,
        }
        same = [say[cause] for cause, is_this in causes.items() if is_this]
        difference = say["differs"].format(sizes=sizes, expected=expected, found=found)
        assert found == expected, difference + cause_of(same)
    line = exercise.WHY_SO_FEW
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def least_outputs(sizes):
    """The smallest number of outputs for which the products from the input take fewer multiplications, by division.

    From the output, each output costs the same. From the input, a part is paid once, and each output costs less.
    """
    products = [a * b for a, b in pairwise(sizes)]
    each_from_output, each_from_input = sum(products), sizes[0] * sizes[-1]
    once = sizes[0] * sum(products[1:])
    gain = each_from_output - each_from_input
    return once // gain + 1 if gain > 0 else None


def sizes_with_an_answer(rng, layers):
    """Random sizes of the inputs and of some layers, for which the answer is neither one of them nor large."""
    sizes = tuple(int(size) for size in rng.integers(10, 60, layers + 1))
    found = least_outputs(sizes)
    is_fine = found is not None and found < 500 and min(abs(found - size) for size in sizes) > 2
    return sizes if is_fine else sizes_with_an_answer(rng, layers)


# --- what the tests share: first the form, then the value, then each gradient, in float64 and in float32 --------------


def check_unbroadcast(exercise, rng, shape, stretched):
    g, say = rng.standard_normal(stretched), SAY["unbroadcast"]
    what = WHAT["unbroadcast"].format(stretched=stretched, shape=shape)
    in_front = g.ndim - len(shape)
    of_size_1 = [axis for axis, size in enumerate(padded(shape, g)) if size == 1]
    first = g[tuple(slice(None, None if size > 1 else 1) for size in padded(shape, g))].reshape(shape)
    mistakes = {
        say["mean"]: averaged(g, shape),
        say["first"]: first,
        say["all"]: np.full(shape, g.sum()),
        say["squeezed"]: back(g, shape).squeeze(),
        say["in_front_only"]: g.sum(axis=tuple(range(in_front))),
        say["nothing"]: g,
        say["size_1_only"]: g.sum(axis=tuple(axis for axis in of_size_1 if axis >= in_front), keepdims=True),
        say["kept_in_front"]: g.sum(axis=tuple(of_size_1), keepdims=True),
        say["shape"]: "shape",
    }
    for dtype in (np.float64, np.float32):
        found = call(what, exercise.unbroadcast, g.astype(dtype), shape, mistakes=mistakes)
        compare(what, found, back(g, shape), mistakes, dtype)


def check_add(exercise, rng, shape_a, shape_b):
    (a, b, g), say = draw(rng, shape_a, shape_b), SAY["add"]

    def mistakes(this, other):
        return {
            say["not_summed"]: g,
            say["slopes"]: np.ones_like(g),
            say["slopes_summed"]: back(g**0, this.shape),
            say["other_shape"]: back(g, other.shape),
            say["always"]: g.sum(axis=0),
            say["mean"]: averaged(g, this.shape),
        }

    check_op(WHAT["two"].format(op="add", a=shape_a, b=shape_b), exercise.add, (a, b), a + b, g, {
        "a": (back(g, a.shape), mistakes(a, b)),
        "b": (back(g, b.shape), mistakes(b, a)),
    })  # fmt: skip


def check_mul(exercise, rng, shape_a, shape_b):
    (a, b, g), say = draw(rng, shape_a, shape_b), SAY["mul"]

    def mistakes(this, other):
        return {
            say["own_input"]: back(g * this, this.shape),
            say["slope"]: back(other * g**0, this.shape),
            say["other_input"]: other,
            say["not_summed"]: g * other,
            say["summed_first"]: back(other * back(g, this.shape) * g**0, this.shape),
            say["one_by_one"]: back(g, this.shape) * back(other * g**0, this.shape),
            say["product_not_summed"]: back(g, this.shape) * other,
            say["mean"]: averaged(g * other, this.shape),
            say["of_add"]: back(g, this.shape),
        }

    check_op(WHAT["two"].format(op="mul", a=shape_a, b=shape_b), exercise.mul, (a, b), a * b, g, {
        "a": (back(g * b, a.shape), mistakes(a, b)),
        "b": (back(g * a, b.shape), mistakes(b, a)),
    })  # fmt: skip


def log_softmax_of_a_row(row):
    """y_i = -ln Σ_j e^(x_j - x_i), number by number."""
    return np.array([-math.log(math.fsum(math.exp(other - one) for other in row)) for one in row])


def through(table, g):
    """Σ_i g_i table_ij, for each row of g."""
    return np.einsum("...i,...ij->...j", g, table)


def draw(rng, shape_a, shape_b, of=np.add):
    """Two inputs, and a cotangent of the result."""
    a, b = rng.standard_normal(shape_a), rng.standard_normal(shape_b)
    return a, b, rng.standard_normal(of(a, b).shape)


def padded(shape, g):
    """The shape with ones in front, as broadcasting reads it."""
    return (1,) * (g.ndim - len(shape)) + tuple(shape)


def back(g, shape):
    """g summed to the shape, by another way than one would write it: element by element of what it was read from."""
    result = np.zeros(padded(shape, g))
    for place in np.ndindex(g.shape):
        result[tuple(0 if size == 1 else i for i, size in zip(place, result.shape, strict=True))] += g[place]
    return result.reshape(shape)


def averaged(g, shape):
    return back(g, shape) * (np.prod(shape) / g.size)
