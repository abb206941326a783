"""The public checks of exercise 8. Ten points. What they say stands in messages.toml.

Sizes are different primes, filters are not square, cotangents are random. Convolution is linear: what a pixel adds to
the map is exact, without a small step. So the right gradients come from lighting one pixel after another.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, check_op, compare

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT = SAY["what"]
NOT_ASKED: dict = dict.fromkeys(("x", "weight", "bias"), (None, {}))
# The size of the picture, of the filter; stride and padding. In the last two some rows or columns are in no window.
PLACES = [((5, 7), (2, 3), 1, 0), ((7, 5), (3, 2), 1, 2), ((7, 11), (2, 5), 2, 1), ((11, 7), (5, 2), 3, 0)]


@pytest.mark.points(1, "build")
def test_im2col(exercise, rng):
    say = SAY["im2col"]
    for size, kernel, stride, padding in shuffled(rng, PLACES):
        x = rng.standard_normal((2, 3, *size))
        right, every = columns_of(x, kernel, stride, padding), windows(x, kernel, stride, padding)
        no_step = windows(x, kernel, 1, padding)[:, :, : every.shape[2], : every.shape[3]]
        mistakes = {
            say["no_padding"]: columns_of(x, kernel, stride, 0),
            say["no_stride"]: columns_of(x, kernel, 1, padding),
            say["no_step"]: no_step.transpose(0, 1, 4, 5, 2, 3).reshape(right.shape),
            say["turned"]: right.swapaxes(1, 2),
            say["channel_last"]: every.transpose(0, 4, 5, 1, 2, 3).reshape(right.shape),
            say["column_first"]: every.transpose(0, 1, 5, 4, 2, 3).reshape(right.shape),
            say["places"]: every.transpose(0, 1, 4, 5, 3, 2).reshape(right.shape),
            say["both"]: every.transpose(0, 1, 5, 4, 3, 2).reshape(right.shape),
            say["not_moved"]: every.reshape(right.shape),
            say["edge"]: columns_of(np.pad(x, frame(padding), mode="edge"), kernel, stride, 0),
            say["kernel"]: columns_of(x, kernel[::-1], stride, padding),
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        what = WHAT["places"].format(op="im2col", size=size, kernel=kernel, stride=stride, padding=padding)
        for dtype in (np.float64, np.float32):
            found = call(what, exercise.im2col, x.astype(dtype), kernel, stride, padding, mistakes=mistakes)
            compare(what, found, right, mistakes, dtype)


@pytest.mark.points(1, "build")
def test_col2im(exercise, rng):
    say = SAY["col2im"]
    for size, kernel, stride, padding in shuffled(rng, PLACES):
        numbers = columns_of(np.arange(1.0, 1 + 3 * np.prod(size)).reshape(1, 3, *size), kernel, stride, padding)[0]
        cols = rng.standard_normal((2, *numbers.shape))
        right = back_in_places(cols, size, kernel, stride, padding)
        count = back_in_places(np.ones_like(cols), size, kernel, stride, padding)
        assigned = np.zeros((2, 1 + right[0].size))
        for value, place in np.ndindex(numbers.shape):  # in the order of im2col's columns, number 0 is the frame
            assigned[:, int(numbers[value, place])] = cols[:, value, place]
        framed = (size[0] + 2 * padding, size[1] + 2 * padding)
        mistakes = {
            say["assigned"]: assigned[:, 1:].reshape(right.shape),
            say["averaged"]: right / np.maximum(count, 1),
            say["frame"]: back_in_places(cols, framed, kernel, stride, 0),
            say["empty"]: np.zeros((2, 3, 0, 0)),
            say["no_padding"]: back_in_places(cols, framed, kernel, stride, 0)[:, :, : size[0], : size[1]],
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        what = WHAT["places"].format(op="col2im", size=size, kernel=kernel, stride=stride, padding=padding)
        for dtype in (np.float64, np.float32):
            found = call(what, exercise.col2im, cols.astype(dtype), size, kernel, stride, padding, mistakes=mistakes)
            compare(what, found, right, mistakes, dtype)


# --- conv2d: its value, the gradient of the picture, those of the filter and the bias ---------------------------------


@pytest.mark.points(1, "build")
def test_conv2d(exercise, rng):
    say = SAY["conv2d"]
    for place in shuffled(rng, PLACES):
        what, inputs, _ = case_of_conv2d(rng, *place)
        x, weight, bias, stride, padding = inputs
        right = convolved(*inputs)
        mistakes = {
            say["no_bias"]: right - bias[:, None, None],
            say["flipped"]: convolved(x, weight[:, :, ::-1, ::-1], bias, stride, padding),
            say["no_padding"]: convolved(x, weight, bias, stride, 0),
            say["no_stride"]: convolved(x, weight, bias, 1, padding),
            say["first_channel"]: convolved(x[:, :1], weight[:, :1], bias, stride, padding),
            say["mean"]: convolved(x, weight, 0 * bias, stride, padding) / weight[0].size + bias[:, None, None],
            say["turned"]: right.swapaxes(2, 3),
            say["flat"]: right.reshape(*right.shape[:2], -1),
            say["bias_often"]: right + (weight[0].size - 1) * bias[:, None, None],
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        check_op(what, exercise.conv2d, inputs, right, None, NOT_ASKED, mistakes)


@pytest.mark.points(1, "build")
def test_conv2d_gradient_of_x(exercise, rng):
    say = SAY["gradient_of_x"]
    for place in shuffled(rng, PLACES):
        what, inputs, g = case_of_conv2d(rng, *place)
        x, weight, _, stride, padding = inputs
        of_x = light_each(x.shape, weight, stride, padding, g)
        mistakes = {
            say["flipped"]: light_each(x.shape, weight[:, :, ::-1, ::-1], stride, padding, g),
            say["no_g"]: light_each(x.shape, weight, stride, padding, np.ones_like(g)),
            say["inside_out"]: np.zeros((2, 3, 0, 0)),
            say["cols"]: np.einsum("nopq,ocij->ncijpq", g, weight).reshape(2, weight[0].size, -1),
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        check_op(what, exercise.conv2d, inputs, None, g, NOT_ASKED | {"x": (of_x, mistakes)})


@pytest.mark.points(1, "build")
def test_conv2d_gradients_of_weight_and_bias(exercise, rng):
    for place in shuffled(rng, PLACES):
        what, inputs, g = case_of_conv2d(rng, *place)
        x, weight, _, stride, padding = inputs
        every = windows(x, weight.shape[2:], stride, padding)
        each = np.einsum("nopq,ncpqij->nocij", g, every)
        gradients = {
            "weight": (each.sum(0), mistakes_of_weight(each, np.einsum("nopq,ncpqij->ocij", g**0, every))),
            "bias": (g.sum((0, 2, 3)), mistakes_of_bias(g)),
        }
        check_op(what, exercise.conv2d, inputs, None, g, NOT_ASKED | gradients)


def mistakes_of_weight(each, without_g):
    say, right = SAY["gradient_of_weight"], each.sum(0)
    return {
        say["each"]: each,
        say["each_flat"]: each.reshape(*each.shape[:2], -1),
        say["mean"]: each.mean(0),
        say["first"]: each[0],
        say["last"]: each[-1],
        say["no_g"]: without_g,
        say["flat"]: right.reshape(len(right), -1),
        say["flipped"]: right[:, :, ::-1, ::-1],
        say["turned"]: right.swapaxes(0, 1),
        say["shape"]: "shape",
        say["raises"]: "raises",
    }


def mistakes_of_bias(g):
    say = SAY["gradient_of_bias"]
    return {
        say["pictures_only"]: g.sum(0),
        say["each"]: g.sum((2, 3)),
        say["mean"]: g.mean((0, 2, 3)),
        say["mean_of_pictures"]: g.sum((2, 3)).mean(0),
        say["mean_of_places"]: g.mean((2, 3)).sum(0),
        say["g"]: g,
        say["no_g"]: (g**0).sum((0, 2, 3)),
        say["kept"]: g.sum((0, 2, 3), keepdims=True),
        say["all"]: np.full(g.shape[1], g.sum()),
        say["shape"]: "shape",
    }


def case_of_conv2d(rng, size, kernel, stride, padding):
    """What is asked; the inputs; a cotangent."""
    x, weight = rng.standard_normal((2, 3, *size)), rng.standard_normal((5, 3, *kernel))
    bias = rng.standard_normal(5)
    g = rng.standard_normal(convolved(x, weight, bias, stride, padding).shape)
    what = WHAT["places"].format(op="conv2d", size=size, kernel=kernel, stride=stride, padding=padding)
    return what, (x, weight, bias, stride, padding), g


# --- conv_transpose2d -------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_conv_transpose2d(exercise, rng):
    small = [((3, 5), (2, 3), 1, 0), ((5, 2), (3, 2), 2, 0), ((2, 5), (3, 5), 2, 1), ((3, 2), (5, 2), 3, 0)]
    for size, kernel, stride, padding in shuffled(rng, small):
        x, weight, bias = (rng.standard_normal(s) for s in ((2, 3, *size), (3, 5, *kernel), (5,)))
        large = tuple((n - 1) * stride - 2 * padding + k for n, k in zip(size, kernel, strict=True))
        stamped = light_each((2, 5, *large), weight, stride, padding, x)
        right = stamped + bias[:, None, None]
        g = rng.standard_normal(right.shape)
        each = np.einsum("ncpq,nopqij->ncoij", x, windows(g, kernel, stride, padding))
        without_g = np.einsum("ncpq,nopqij->coij", x, windows(g**0, kernel, stride, padding))
        of_x = convolved(g, weight, np.zeros(3), stride, padding)
        what = WHAT["places"].format(op="conv_transpose2d", size=size, kernel=kernel, stride=stride, padding=padding)
        inputs = (x, weight, bias, stride, padding)
        say = SAY["transposed_gradient_of_x"]
        mistakes = {
            say["flipped"]: convolved(g, weight[:, :, ::-1, ::-1], np.zeros(3), stride, padding),
            say["flat"]: of_x.reshape(*of_x.shape[:2], -1),
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        gradients = {
            "x": (of_x, mistakes),
            "weight": (each.sum(0), mistakes_of_weight(each, without_g)),
            "bias": (g.sum((0, 2, 3)), mistakes_of_bias(g)),
        }
        of_the_value = mistakes_of_stamps(inputs, stamped)
        check_op(what, exercise.conv_transpose2d, inputs, right, g, gradients, of_the_value)


def mistakes_of_stamps(inputs, stamped):
    (x, weight, bias, stride, padding), say = inputs, SAY["conv_transpose2d"]
    size = stamped.shape[2:]
    larger = (*stamped.shape[:2], size[0] + 2 * padding, size[1] + 2 * padding)
    flipped = light_each(stamped.shape, weight[:, :, ::-1, ::-1], stride, padding, x)
    return {
        say["no_bias"]: stamped,
        say["flipped"]: flipped + bias[:, None, None],
        say["frame"]: light_each(larger, weight, stride, 0, x) + bias[:, None, None],
        say["shape"]: "shape",
        say["raises"]: "raises",
    }


# --- max_pool2d: ties, windows that overlap, pixels in no window ------------------------------------------------------


@pytest.mark.points(1, "build")
def test_max_pool2d(exercise, rng):
    cases = [((5, 7), 2, None), ((7, 5), 3, 2), ((5, 11), 2, 3), ((5, 7), 3, 1)]
    for size, kernel, stride in shuffled(rng, cases):
        for kinds in (10**6, 2):  # two different numbers: many ties
            x = rng.integers(0, kinds, (2, 3, *size)) - float(rng.integers(kinds, 2 * kinds))  # no number is 0
            check_pool(exercise, rng, x, kernel, stride)


def check_pool(exercise, rng, x, kernel, stride):
    say, step = SAY["max_pool2d"], stride or kernel
    every = windows(x, (kernel, kernel), step, 0)
    right = every.max((4, 5))
    g = rng.standard_normal(right.shape)
    ties = x.size > len(np.unique(x))
    what = WHAT["pool_ties" if ties else "pool"].format(size=x.shape[2:], kernel=kernel, stride=stride)
    inputs = (x, kernel) if stride is None else (x, kernel, stride)
    mistakes_of_value = {
        say["mean_of_window"]: every.mean((4, 5)),
        say["stride_1"]: windows(x, (kernel, kernel), 1, 0).max((4, 5)),
        say["channels"]: np.broadcast_to(right.max(1, keepdims=True), right.shape),
        say["smallest"]: every.min((4, 5)),
        say["padded"]: np.maximum(right, 0),
        say["shape"]: "shape",
        say["raises"]: "raises",
    }
    mistakes = {
        say["each"]: pooled_back(x, g, kernel, step, lambda equal: equal),
        say["shared"]: pooled_back(x, g, kernel, step, lambda equal: equal / equal.sum()),
        say["last"]: pooled_back(x, g, kernel, step, last_of),
        say["spread"]: pooled_back(x, g, kernel, step, lambda equal: np.full(equal.shape, 1 / equal.size)),
        say["no_g"]: pooled_back(x, np.ones_like(g), kernel, step, first_of),
        say["assigned"]: pooled_back(x, g, kernel, step, first_of, add=False),
        say["g_shape"]: "shape",
        say["raises"]: "raises",
    }
    gradients = {"x": (pooled_back(x, g, kernel, step, first_of), mistakes)}
    check_op(what, exercise.max_pool2d, inputs, right, g, gradients, mistakes_of_value)


def pooled_back(x, g, kernel, stride, rule, add=True):
    """The gradient under a rule for ties: from True and False in a window to what part of g each gets."""
    result = np.zeros_like(x)
    for n, c, p, q in np.ndindex(g.shape):
        there = (n, c, slice(p * stride, p * stride + kernel), slice(q * stride, q * stride + kernel))
        gets = rule(x[there] == x[there].max()) * g[n, c, p, q]
        result[there] = result[there] + gets if add else np.where(gets == 0, result[there], gets)
    return result


def first_of(equal):
    return np.cumsum(equal).reshape(equal.shape) * equal == 1


def last_of(equal):
    return first_of(equal[::-1, ::-1])[::-1, ::-1]


# --- input_gradient: mended; each test sees what the other does not ---------------------------------------------------


@pytest.mark.points(1, "debug")
def test_input_gradient_of_any_filter(exercise, rng):
    """Square filters with a frame, as in the check that it passed; but they are not symmetric."""
    for stride, padding, size in shuffled(rng, [(1, 1, (8, 8)), (2, 1, (7, 9)), (1, 2, (5, 11))]):
        check_input_gradient(exercise, rng, rng.standard_normal((5, 3, 3, 3)), size, stride, padding)


@pytest.mark.points(1, "debug")
def test_input_gradient_of_any_shape(exercise, rng):
    """Filters that are equal to themselves upside down; but they are not square, and there may be no frame."""
    cases = [(1, 1, (8, 8), (3, 2)), (2, 1, (7, 9), (1, 3)), (1, 0, (5, 11), (3, 3)), (3, 0, (11, 7), (2, 5))]
    for stride, padding, size, kernel in shuffled(rng, cases):
        half = rng.standard_normal((5, 3, *kernel))
        check_input_gradient(exercise, rng, half + half[:, :, ::-1, ::-1], size, stride, padding)


def check_input_gradient(exercise, rng, weight, size, stride, padding):
    say = SAY["input_gradient"]
    shape = (2, 3, *size)
    g = rng.standard_normal(convolved(np.zeros(shape), weight, np.zeros(5), stride, padding).shape)
    mistakes = {
        say["flipped"]: light_each(shape, weight[:, :, ::-1, ::-1], stride, padding, g),
        say["empty"]: np.zeros((2, 3, 0, 0)),
        say["shape"]: "shape",
        say["raises"]: "raises",
    }
    places = {"size": size, "kernel": weight.shape[2:], "stride": stride, "padding": padding}
    what = WHAT["places"].format(op="input_gradient", **places)
    found = call(what, exercise.input_gradient, g, weight, size, stride, padding, mistakes=mistakes)
    compare(what, found, light_each(shape, weight, stride, padding, g), mistakes)


# --- contrast: an experiment ------------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_contrast(exercise, rng):
    say = SAY["contrast"]
    strides = rng.permutation(np.arange(2, 8)).tolist()
    even = [(stride * int(rng.integers(1, 4)), stride) for stride in (1, *strides[:3])]
    uneven = [(stride * int(rng.integers(1, 4)) + int(rng.integers(1, stride)), stride) for stride in strides]
    for kernel, stride in uneven + shuffled(rng, even):  # those first that show what the mistake is
        found = exercise.contrast(kernel, stride)
        is_number = isinstance(found, (int, float, np.number)) and not isinstance(found, bool)
        assert is_number, say["no_number"].format(kernel=kernel, stride=stride, found=f"{found!r:.60}")
        most, least = -(-kernel // stride), kernel // stride  # how many stamps cover a pixel, along one axis
        causes = {
            "one_axis": most / least,
            "difference": most**2 - least**2,
            "size_by_stride": (kernel / stride) ** 2,
            "upside_down": (least / most) ** 2,
            "border": most**2,
            "largest": float(kernel**2),
        }
        expected = (most / least) ** 2
        same = [say[cause] for cause, wrong in causes.items() if np.isclose(found, wrong)]
        difference = say["differs"].format(kernel=kernel, stride=stride, expected=expected, found=found)
        assert np.isclose(found, expected, rtol=1e-9), difference + cause_of(same)
    line = exercise.WHICH_AND_WHY
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


# --- what is right: by windows that NumPy cuts, and by lighting one pixel after another -------------------------------


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


def frame(padding):
    return ((0, 0), (0, 0), (padding, padding), (padding, padding))


def windows(x, kernel, stride, padding):
    """All windows: (N, C, H', W', kh, kw)."""
    every = np.lib.stride_tricks.sliding_window_view(np.pad(x, frame(padding)), kernel, axis=(2, 3))
    return every[:, :, ::stride, ::stride]


def columns_of(x, kernel, stride, padding):
    every = windows(x, kernel, stride, padding).transpose(0, 1, 4, 5, 2, 3)
    return every.reshape(len(x), x.shape[1] * kernel[0] * kernel[1], -1)


def pixels(shape):
    """A picture for each pixel, in which it alone is 1."""
    return np.eye(int(np.prod(shape))).reshape(-1, *shape)


def back_in_places(cols, size, kernel, stride, padding):
    """For each pixel the sum of what stands in cols where its light is seen."""
    channels = cols.shape[1] // (kernel[0] * kernel[1])
    lit = columns_of(pixels((channels, *size)), kernel, stride, padding)
    return np.einsum("nkp,zkp->nz", cols, lit).reshape(len(cols), channels, *size)


def convolved(x, weight, bias, stride, padding):
    every = windows(x, weight.shape[2:], stride, padding)
    return np.einsum("ncpqij,ocij->nopq", every, weight) + bias[:, None, None]


def light_each(shape, weight, stride, padding, g):
    """The gradient of a picture of this shape: for each pixel, what its light adds to the map, times g."""
    lit = convolved(pixels(shape[1:]), weight, np.zeros(len(weight)), stride, padding)
    return np.einsum("nopq,zopq->nz", g, lit).reshape(shape)


# --- what the tests share: first the form, then the value or the gradients, in float64 and in float32 -----------------
