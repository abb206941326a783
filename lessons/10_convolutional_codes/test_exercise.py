"""The public checks of exercise 10. Ten points. What they say stands in messages.toml.

Rows and columns, channels, kernels and layers have sizes that differ, mostly primes: what is swapped cannot fit. Codes
have numbers that are the same in all of them, as those behind a relu have.
"""

import tomllib
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, compare, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
SHAPE = (3, 2, 5)  # of a code: channels, rows, columns

# --- sizes ------------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_encoder_sizes(exercise, rng):
    say = SAY["encoder_sizes"]
    for size, layers in drawn_encoders(rng):
        what = say["what"].format(size=size, layers=layers)
        right = sizes_of(size, layers)
        mistakes = {
            "swapped": [pair[::-1] for pair in right],
            "rows_twice": [(rows, rows) for rows, _ in right],
            "padded_once": sizes_of(size, layers, sides=1),
            "no_padding": sizes_of(size, layers, sides=0),
            "one_less": sizes_of(size, layers, more=0),
            "rounded_up": sizes_of(size, layers, up=1),
            "no_stride": sizes_of(size, [(kernel, (1, 1), padding) for kernel, _, padding in layers]),
            "first_too": [size, *right],
            "last_alone": right[-1:],
            "from_the_picture": [sizes_of(size, [layer])[0] for layer in layers],
        }
        compare_pairs(what, call(what, exercise.encoder_sizes, size, layers), right, named(say, mistakes))


@pytest.mark.points(1, "build")
def test_output_paddings(exercise, rng):
    say = SAY["output_paddings"]
    for size, layers in drawn_encoders(rng):
        what = say["what"].format(size=size, layers=layers)
        sizes = [size, *sizes_of(size, layers)]
        right = [missing(*case) for case in zip(sizes, sizes[1:], layers, strict=False)][::-1]
        ends = [missing(before, sizes[-1], layer) for before, layer in zip(sizes, layers, strict=False)][::-1]
        mistakes = {
            "in_order": right[::-1],
            "swapped": [pair[::-1] for pair in right],
            "rows_twice": [(rows, rows) for rows, _ in right],
            "none": [(0, 0)] * len(right),
            "full": [(s - 1, t - 1) for _, (s, t), _ in layers[::-1]],
            "sign": [(-rows, -columns) for rows, columns in right],
            "from_the_code": ends,
            "one_padding": [missing(*case, sides=1) for case in zip(sizes, sizes[1:], layers, strict=False)][::-1],
        }
        compare_pairs(what, call(what, exercise.output_paddings, size, layers), right, named(say, mistakes))


def drawn_encoders(rng):
    """Sizes and layers in which rows and columns have nothing in common."""
    found: list = [((23, 31), [((3, 5), (2, 1), (1, 2)), ((4, 3), (2, 2), (1, 1))])]
    while len(found) < 6:
        size = tuple(map(int, rng.choice([29, 31, 37, 41, 43, 47, 53, 59], 2, replace=False)))
        kernels = [tuple(map(int, rng.choice([2, 3, 4, 5], 2, replace=False))) for _ in range(3)]
        strides = [tuple(map(int, rng.permutation([int(rng.integers(1, 3)), 3]))) for _ in range(3)]
        layers = [(k, s, tuple(int(rng.integers(0, n)) for n in k)) for k, s in zip(kernels, strides, strict=True)]
        right = sizes_of(size, layers)
        if all(rows > 1 and columns > 1 and rows != columns for rows, columns in right):
            found.append((size, layers))
    return [found[i] for i in rng.permutation(len(found))]


def sizes_of(size, layers, sides=2, more=1, up=0):
    """Rows and columns after each layer, or what known mistakes make of them."""
    sizes = []
    for layer in layers:
        places = zip(size, *layer, strict=True)
        size = tuple((n + sides * p - k + up * (s - 1)) // s + more for n, k, s, p in places)
        sizes.append(size)
    return sizes


def missing(before, after, layer, sides=2):
    """How much a transposed convolution falls short of `before`."""
    places = zip(before, after, *layer, strict=True)
    return tuple(n - (s * (m - 1) - sides * p + k) for n, m, k, s, p in places)


@pytest.mark.points(1, "build")
def test_count_weights(exercise, rng):
    say = SAY["count_weights"]
    for count in rng.permutation([1, 2, 3, 4]):
        channels = (int(rng.choice([1, 3])), *map(int, rng.choice([5, 7, 11, 13, 17], count, replace=False)))
        kernels = [tuple(map(int, rng.choice([2, 3, 5, 7], 2, replace=False))) for _ in range(count)]
        what = say["what"].format(channels=channels, kernels=kernels)
        layers = [(m, n, k * c) for (m, n), (k, c) in zip(pairwise(channels), kernels, strict=True)]
        filters = sum(m * n * area for m, n, area in layers)
        squares = sum(m * n * k * k for (m, n), (k, _) in zip(pairwise(channels), kernels, strict=True))
        flat = sum(n * area for _, n, area in layers)
        of_code, of_picture = sum(channels[1:]), sum(channels[:-1])
        mistakes = {
            "no_bias": [filters, filters],
            "same_bias": [filters + of_code] * 2,
            "swapped": [filters + of_picture, filters + of_code],
            "bias_for_each_filter": [filters + sum(m * n for m, n, _ in layers)] * 2,
            "square": [squares + of_code, squares + of_picture],
            "one_channel": [flat + of_code, sum(m * area for m, _, area in layers) + of_picture],
            "one_bias": [filters + len(layers)] * 2,
        }
        found = call(what, exercise.count_weights, channels, kernels)
        is_pair = isinstance(found, (list, tuple)) and len(found) == 2
        assert is_pair, say["form"].format(what=what, found=kind(found))
        right = np.array([filters + of_code, filters + of_picture])
        compare(what, np.array(found), right, named(say, mistakes), any_dtype=True)


# --- what is in the numbers of a code ---------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_importance(exercise, rng):
    say = SAY["importance"]
    for count in rng.permutation([11, 17]).tolist():
        codes, decode = drawn_codes(rng, count), drawn_decoder(rng)
        pictures = decode(codes) + 0.1 * rng.standard_normal((count, 1, 3, 7))
        before = errors_of(decode(codes), pictures).mean()
        change = partial(importances, codes, pictures, decode)
        right = change()
        mistakes = {
            "zero": change(fill=lambda number: 0 * number),
            "mean_of_all": change(fill=partial(np.full_like, fill_value=codes.mean())),
            "turned": right.swapaxes(1, 2),
            "columns_first": right.swapaxes(1, 2).reshape(SHAPE),
            "flat": right.ravel(),
            "no_before": right + before,
            "decrease": -right,
            "sum": right * count,
            "per_pixel": right / pictures[0].size,
            "not_put_back": change(is_kept=True),
            "against_itself": importances(codes, decode(codes), decode),
        }
        what = say["what"].format(shape=codes.shape)
        compare(
            what, call(what, exercise.importance, codes, pictures, decode), right, named(say, mistakes), any_dtype=True
        )


def importances(codes, pictures, decode, fill=lambda number: number.mean() + 0 * number, is_kept=False):
    before, found, without = errors_of(decode(codes), pictures).mean(), np.zeros(SHAPE), codes.copy()
    for c, i, j in np.ndindex(SHAPE):
        without = without if is_kept else codes.copy()
        without[:, c, i, j] = fill(codes[:, c, i, j])
        found[c, i, j] = errors_of(decode(without), pictures).mean() - before
    return found


def errors_of(answers, pictures):
    return ((answers - pictures) ** 2).sum(axis=(1, 2, 3))


def drawn_decoder(rng):
    """From codes to pictures of 3 x 7, bent."""
    weight, bias = rng.standard_normal((30, 21)) / 3, rng.standard_normal(21)
    return lambda codes: np.tanh(codes.reshape(len(codes), 30) @ weight + bias).reshape(-1, 1, 3, 7)


def drawn_codes(rng, count, is_full=False):
    """Codes whose numbers depend on each other, with means that differ. Two of them say nothing new, unless `is_full`.

    One number is 0 in all codes, and one is the sum of two others.
    """
    mixed = rng.standard_normal((count, 30)) @ (rng.standard_normal((30, 30)) / 4 + np.diag(rng.uniform(0.5, 2, 30)))
    mixed += rng.uniform(1, 4, 30)
    if not is_full:
        dead, total, one, other = rng.permutation(30)[:4]
        mixed[:, dead] = 0
        mixed[:, total] = mixed[:, one] + mixed[:, other]
    return mixed.reshape(count, *SHAPE)


# --- codes at random: judged by their moments, through which six standard errors are allowed --------------------------


@pytest.mark.points(1, "build")
def test_draw_codes(exercise, rng):
    say, count = SAY["draw_codes"], 4_000
    codes, seed = drawn_codes(rng, 211), int(rng.integers(1_000_000))
    what = say["what"].format(count=count, shape=codes.shape)
    flat = codes.reshape(len(codes), -1)
    mean, covariance = flat.mean(axis=0), np.cov(flat.T, bias=True)
    drawn = drawn_by(what, exercise, codes, count, seed)
    assert np.isfinite(drawn).all(), say["not_finite"].format(what=what)
    few = say["what"].format(count=3, shape=codes.shape)
    one, again, other = (drawn_by(few, exercise, codes, 3, s) for s in (seed, seed, seed + 1))
    assert (one == again).all(), say["unseeded"].format(what=few)
    assert (one != other).any(), say["same"].format(what=few)
    is_picked = (np.abs(drawn[:20, None] - flat).max(axis=2) < 1e-9).any()
    assert not is_picked, say["picked"].format(what=what)
    allowed = 6 * drawn.std(axis=0) / np.sqrt(count) + 1e-6
    is_mean = (np.abs(drawn.mean(axis=0) - mean) <= allowed).all()
    is_zero = (np.abs(drawn.mean(axis=0)) <= allowed).all()
    assert is_mean, say["mean"].format(what=what) + (say["no_mean"] if is_zero else "")
    found = np.cov(drawn.T, bias=True)
    if not near(found, covariance, count):
        root = np.linalg.cholesky(covariance + 1e-9 * np.eye(30))
        mistakes = {
            "independent": np.diag(covariance.diagonal()),
            "one_spread": covariance.diagonal().mean() * np.eye(30),
            "standard": np.eye(30),
            "no_root": covariance @ covariance,
            "turned": root.T @ root,
            "constant": covariance / covariance.diagonal().mean(),
        }
        same = [say[cause] for cause, wrong in mistakes.items() if near(found, wrong, count)]
        turned = [say["turned"]] if is_turned(found, covariance, count) else []
        raise AssertionError(say["covariance"].format(what=what) + "".join((same + turned)[:1]))
    variances, directions = np.linalg.eigh(covariance)
    free = variances > 1e-9
    fourth = (((drawn - mean) @ directions[:, free] / np.sqrt(variances[free])) ** 4).mean()
    assert abs(fourth - 3) < 0.3, say["not_gaussian"].format(what=what, found=fourth)


def drawn_by(what, exercise, codes, count, seed):
    found = call(what, exercise.draw_codes, codes, count, seed, mistakes={SAY["draw_codes"]["singular"]: "raises"})
    is_codes = isinstance(found, np.ndarray) and found.shape == (count, *SHAPE) and found.dtype.kind == "f"
    assert is_codes, SAY["draw_codes"]["form"].format(what=what, shape=(count, *SHAPE), found=kind(found))
    return found.reshape(count, -1)


def near(found, covariance, count):
    """Whether this is the covariance of so many draws, within six standard errors."""
    spread = np.outer(covariance.diagonal(), covariance.diagonal())
    return (np.abs(found - covariance) <= 6 * np.sqrt((spread + covariance**2) / count) + 1e-5).all()


def is_turned(found, covariance, count):
    """Whether directions were taken for their transpose: the variances along directions are right, and no others."""
    return np.allclose(np.linalg.eigvalsh(found), np.linalg.eigvalsh(covariance), rtol=0.25, atol=0.05)


# --- codes that are repaired ------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_repair(exercise, rng):
    for destroyed, fill in zip(rng.permutation([5, 11]).tolist(), (np.nan, 100.0), strict=True):
        check_repair(exercise, rng, drawn_codes(rng, 90, is_full=True), destroyed, fill)


@pytest.mark.points(1, "build")
def test_repair_where_some_numbers_say_nothing_new(exercise, rng):
    for destroyed, fill in zip(rng.permutation([7, 13]).tolist(), (np.nan, 100.0), strict=True):
        check_repair(exercise, rng, drawn_codes(rng, 97), destroyed, fill)


def check_repair(exercise, rng, codes, count, fill):
    say = SAY["repair"]
    broken, whole = np.split(codes, [13])
    order = rng.permutation(30).reshape(SHAPE) + 30 * (codes.std(axis=0) == 0)  # a number that is always 0 is left
    destroyed = order < np.sort(order.ravel())[count]
    true = broken.copy()
    broken[:, destroyed] = fill * rng.standard_normal(count)
    right = repaired(broken, destroyed, whole)
    filled = broken.copy()
    filled[:, destroyed] = 0
    averaged = broken.copy()
    averaged[:, destroyed] = whole[:, destroyed].mean(axis=0)
    everything = np.broadcast_to(whole.mean(axis=0), broken.shape)
    mistakes = {
        "mean": averaged,
        "everything": everything,
        "zero": filled,
        "no_constant": repaired(broken, destroyed, whole, is_centred=False),
        "broken_mean": repaired(broken, destroyed, whole, of_broken=True),
        "transposed_order": repaired(broken, destroyed, whole, order="F"),
    }
    what = say["what"].format(count=count, shape=broken.shape)
    told = named(say, mistakes) | {say["singular"]: "raises"}
    found = call(what, exercise.repair, broken, destroyed, whole, mistakes=told)
    is_codes = isinstance(found, np.ndarray) and found.shape == broken.shape and found.dtype.kind == "f"
    assert is_codes, say["form"].format(what=what, shape=broken.shape, found=kind(found))
    assert not np.array_equal(found, broken, equal_nan=True), say["as_it_was"].format(what=what)
    is_left = (np.abs(found - true)[:, ~destroyed] < 1e-9).all()
    assert is_left or np.allclose(found, everything), say["changed"].format(what=what)
    assert np.isfinite(found).all(), say["not_finite"].format(what=what)
    is_wild = np.abs(found).max() > 1e3 * np.abs(right).max()
    assert not is_wild, say["wild"].format(what=what, singular=say["singular"])
    compare(what, found.astype(np.float32), right, told, np.float32)


def repaired(broken, destroyed, whole, is_centred=True, of_broken=False, order="C"):
    left, lost = whole[:, ~destroyed], whole[:, destroyed]
    means = (left.mean(axis=0), lost.mean(axis=0)) if is_centred else (0.0, 0.0)
    weight = np.linalg.lstsq(left - means[0], lost - means[1], rcond=1e-8)[0]
    known = broken[:, ~destroyed]
    guess = (known - (known.mean(axis=0) if of_broken else means[0])) @ weight + means[1]
    result = broken.copy()
    result[:, destroyed] = guess if order == "C" else guess[:, ::-1]
    return result


# --- debug: a judge of codes ------------------------------------------------------------------------------------------

EQUAL, DIFFERENT = (7, 5, 5, 1), (11, 7, 3, 1)


@pytest.mark.points(1, "debug")
def test_the_judge_uses_every_layer(exercise, rng):
    say = SAY["judge"]
    for sizes in rng.permutation([EQUAL, (5, 3, 3, 1)]).tolist():
        layers, codes, targets = drawn_judge(rng, sizes)
        what = say["what"].format(sizes=sizes)
        right = judged(layers, codes, targets)[0]
        mistakes = {
            "draft": judged([layers[0], layers[1], layers[1]], codes, targets)[0],
            "no_column": loss_of_a_table(layers, codes, targets),
            "no_last_bias": judged([*layers[:2], (layers[2][0], 0 * layers[2][1])], codes, targets)[0],
            "sum": right * len(codes),
            "no_targets": judged(layers, codes, 0 * targets)[0],
        }
        told = named(say, mistakes)
        found = loss_and_slopes(what, exercise, layers, codes, targets, told)
        compare(say["loss"].format(what=what), found[0], right, told, any_dtype=True)


@pytest.mark.points(1, "debug")
def test_the_slopes_of_the_judge(exercise, rng):
    say = SAY["judge"]
    for sizes in (EQUAL, DIFFERENT):
        layers, codes, targets = drawn_judge(rng, sizes)
        what = say["what"].format(sizes=sizes)
        _, right = judged(layers, codes, targets)
        turned = judged(layers, codes, targets, back=layers[1][0].T)[1] if sizes == EQUAL else right
        _, slopes = loss_and_slopes(what, exercise, layers, codes, targets, {say["different"]: "raises"})
        for number, (pair, expected, wrong) in enumerate(zip(slopes, right, turned, strict=True), 1):
            for name, found, one, other in zip(("weight", "bias"), pair, expected, wrong, strict=True):
                of = say["slope"].format(what=what, name=name, layer=number)
                is_shape = isinstance(found, np.ndarray) and found.shape == one.shape
                assert is_shape, say["shape"].format(what=of, shape=one.shape, found=kind(found))
                compare(of, found, one, {say["turned"]: other, say["no_slope"]: 0 * one}, any_dtype=True)


def drawn_judge(rng, sizes):
    layers = [(rng.standard_normal((n, m)) / np.sqrt(m / 2), rng.standard_normal(n)) for m, n in pairwise(sizes)]
    count = int(rng.choice([13, 17, 19]))
    return layers, rng.standard_normal((count, sizes[0])), rng.uniform(0, 1, count)


def judged(layers, codes, targets, back=None):
    """The loss and its slopes, for as many layers as there are; `back`: what g is multiplied by behind layer 2."""
    inputs = [codes]
    for weight, bias in layers[:-1]:
        inputs.append(np.maximum(inputs[-1] @ weight.T + bias, 0))
    answers = inputs[-1] @ layers[-1][0].T + layers[-1][1]
    g, slopes = 2 * (answers - targets[:, None]) / answers.size, []
    for number, ((weight, _), x) in reversed(list(enumerate(zip(layers, inputs, strict=True)))):
        slopes.append((g.T @ x, g.sum(axis=0)))
        g = (g @ (weight if back is None or number != 1 else back)) * (x > 0)
    return np.mean((answers - targets[:, None]) ** 2), slopes[::-1]


def loss_of_a_table(layers, codes, targets):
    """The loss if N answers and N targets make a table of N x N."""
    (w1, b1), (w2, b2), (w3, b3) = layers
    second = np.maximum(np.maximum(codes @ w1.T + b1, 0) @ w2.T + b2, 0)
    return np.mean(((second @ w3.T + b3) - targets[None, :]) ** 2)


def loss_and_slopes(what, exercise, layers, codes, targets, told):
    found = call(what, exercise.judge, layers, codes, targets, mistakes=told)
    is_pair = isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], (list, tuple))
    is_form = is_pair and [len(pair) if isinstance(pair, (list, tuple)) else 0 for pair in found[1]] == [2, 2, 2]
    assert is_form, SAY["judge"]["form"].format(what=what, found=kind(found))
    return found


# --- experiment -------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_change_by_noise(exercise, rng):
    say = SAY["noise"]
    for count in rng.permutation([13, 19]).tolist():
        codes, decode, seed = drawn_codes(rng, count), drawn_decoder(rng), int(rng.integers(1_000_000))
        strength = float(rng.uniform(0.1, 0.9))
        clean, drawn = decode(codes), np.random.default_rng(seed).standard_normal(codes.shape)
        change = lambda noise, of=decode, codes=codes, clean=clean: errors_of(of(codes + noise), clean).mean()
        right = change(strength * codes.std(axis=0) * drawn)
        mistakes = {
            "one_spread": change(strength * codes.std() * drawn),
            "no_spread": change(strength * drawn),
            "variance": change(strength * codes.var(axis=0) * drawn),
            "no_strength": change(codes.std(axis=0) * drawn),
            "multiplied": change(strength * codes * drawn),
            "one_noise": change(strength * codes.std(axis=0) * drawn[0]),
            "sum": right * count,
            "per_pixel": right / clean[0].size,
            "root": np.sqrt(right),
            "upwards": change(strength * codes.std(axis=0) * np.abs(drawn)),
        }
        what = say["what"].format(strength=strength, shape=codes.shape)
        found = call(what, exercise.change_by_noise, codes, decode, strength, seed)
        compare(what, found, right, named(say, mistakes), any_dtype=True)
    line = exercise.WHY_NOT_TWICE
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


# --- what the tests share ---------------------------------------------------------------------------------------------


def named(say, mistakes):
    return {say[name]: wrong for name, wrong in mistakes.items()}


def compare_pairs(what, found, right, mistakes):
    """Pairs of whole numbers, as many as there are layers."""
    is_list = isinstance(found, (list, tuple)) and all(is_pair(pair) for pair in found)
    assert is_list, SAY["pairs"]["form"].format(what=what, found=kind(found))
    pairs = [tuple(map(int, pair)) for pair in found]
    causes = [cause for cause, wrong in mistakes.items() if pairs == wrong]
    cause = SAY["pairs"]["cause"].format(cause=causes[0]) if causes else ""
    assert pairs == right, SAY["pairs"]["differs"].format(what=what, expected=right, found=pairs) + cause


def is_pair(pair):
    is_two = isinstance(pair, (list, tuple)) and len(pair) == 2
    return is_two and all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in pair)
