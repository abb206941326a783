"""The public checks of the project of Part II. Ten points; ten more are for the report. Texts: messages.toml.

Pictures come from minae, and cross as arrays: the exercise sees NumPy alone. With MINAE_QUICK in the environment, as in
the course's own tests, they are fewer, and fewer need be right.
"""

import os
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from minae.data import fashion_mnist, mnist

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
QUICK = bool(os.environ.get("MINAE_QUICK"))
# How many pictures there are to learn from and to test; which share of those tested must be right.
DIGITS = (2_000, 2_000, 0.86) if QUICK else (60_000, 10_000, 0.98)
CLOTHES = (2_000, 2_000, 0.74) if QUICK else (8_000, 2_000, 0.82)


# --- the engine -------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_apply_records_an_edge_for_each_array(exercise, rng):
    say, got = SAY["apply"], []
    a, b, plain, value, g = (rng.standard_normal(shape) for shape in ((3, 5), (7,), (2, 3), (5, 2), (5, 2)))
    factors, setting = rng.uniform(1, 2, 3), int(rng.integers(2, 9))
    labels = rng.integers(0, 5, 3)

    def op(*inputs, **settings):
        got.append((inputs, settings))
        return value, tuple(lambda g, factor=factor: factor * g for factor in factors)

    x, y = exercise.Array(a), exercise.Array(b)
    result = exercise.apply(op, x, plain, y, labels, stride=setting)
    assert result is not None, say["no_return"]
    assert hasattr(result, "edges"), say["no_array"]
    (inputs, settings), *_ = got or [((), {})]
    are_arrays = len(inputs) == 4 and all(isinstance(given, np.ndarray) for given in inputs)
    assert are_arrays and all(map(np.array_equal, inputs, (a, plain, b, labels))), say["inputs"]
    assert settings == {"stride": setting}, say["settings"].format(expected=setting, found=settings)
    assert np.array_equal(result.data, value), say["data"]
    edges = list(result.edges)
    assert len(edges) == 2, say["edges"].format(found=len(edges))
    assert edges[0][0] is x and edges[1][0] is y, say["sources"]
    for (_, vjp), factor in zip(edges, factors[[0, 2]]):
        assert np.allclose(vjp(g), factor * g), say["vjp"]


@pytest.mark.points(1, "build")
def test_backward_sums_all_ways(exercise, rng):
    """x reaches the root along three ways, two of them through h."""
    say = SAY["backward"]
    matrices = dict(zip(("xh", "xk", "hk", "hr", "kr"), rng.standard_normal((5, 3, 3))))
    x = exercise.Array(rng.standard_normal((2, 3)))
    h = node(exercise, (x, matrices["xh"]))
    k = node(exercise, (h, matrices["hk"]), (x, matrices["xk"]))
    last = node(exercise, (k, matrices["kr"]), (h, matrices["hr"]))
    weights = rng.standard_normal((2, 3))
    exercise.backward(exercise.Array(rng.uniform(2, 3), [(last, lambda g: g * weights)]))
    short, long = matrices["xh"] @ matrices["hr"], matrices["xh"] @ matrices["hk"] @ matrices["kr"]
    expected = weights @ (short + long + matrices["xk"] @ matrices["kr"]).T
    found = gradient_of(x, expected)
    lost = [weights @ way.T for way in (short, long, short + long)]
    lost += [weights @ (matrices["xk"] @ matrices["kr"]).T]
    cause = say["a_way_lost"] if any(np.allclose(found, one) for one in lost) else say["other"]
    assert np.allclose(found, expected), cause


@pytest.mark.points(1, "build")
def test_backward_keeps_the_gradients_of_leaves_alone(exercise, rng):
    say = SAY["backward"]
    matrix, weights = rng.standard_normal((3, 3)), rng.standard_normal((2, 3))
    x = exercise.Array(rng.standard_normal((2, 3)))
    h = node(exercise, (x, matrix))
    root = exercise.Array(rng.uniform(2, 3), [(h, lambda g: g * weights)])
    once = weights @ matrix.T
    exercise.backward(root)
    assert np.allclose(gradient_of(x, once), once), say["other"]
    exercise.backward(root)
    found = gradient_of(x, once)
    assert not np.allclose(found, once), say["overwritten"]
    assert not np.allclose(found, 3 * once), say["not_forgotten"]
    assert np.allclose(found, 2 * once), say["twice"]


def node(exercise, *sources):
    """An Array that was computed from these: the sum of each source @ its matrix."""
    edges = [(source, lambda g, matrix=matrix: g @ matrix.T) for source, matrix in sources]
    return exercise.Array(np.ones((2, 3)), edges)


def gradient_of(leaf, expected):
    found = leaf.grad
    form = SAY["backward"]["form"].format(expected=expected.shape, found=np.shape(found))
    assert np.shape(found) == expected.shape, form
    return np.asarray(found)


# --- the network ------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_new_layers(exercise, rng):
    say, seed = SAY["layers"], int(rng.integers(2**31))
    sizes = (int(rng.integers(150, 200)), 131, 131, 131, 7)
    layers = pairs(exercise.new_layers(sizes, seed))
    shapes = [((n, m), (n,)) for m, n in pairwise(sizes)]
    found = [(np.shape(weight), np.shape(bias)) for weight, bias in layers]
    assert found == shapes, say["shapes"].format(sizes=sizes, expected=shapes, found=found)
    dtypes = {array.dtype.name for pair in layers for array in pair}
    assert dtypes == {"float32"}, say["dtype"].format(found=", ".join(sorted(dtypes)))
    assert not any(bias.any() for _, bias in layers), say["biases"]
    for (weight, _), size in list(zip(layers, sizes))[:3]:
        expected = np.sqrt(2 / size)
        assert abs(weight.std() / expected - 1) < 0.1, say["std"].format(expected=expected, found=weight.std())
    assert not np.array_equal(layers[1][0], layers[2][0]), say["alike"]
    again, other = (pairs(exercise.new_layers(sizes, one)) for one in (seed, seed + 1))
    assert all(np.array_equal(one, two) for (one, _), (two, _) in zip(layers, again)), say["again"]
    assert not any(np.array_equal(one, two) for (one, _), (two, _) in zip(layers, other)), say["seed"]


@pytest.mark.points(1, "build")
def test_network(exercise, rng):
    say = SAY["network"]
    layers, x, _ = draw_network(rng)
    expected = logits_of(layers, x)
    for kind in ("plain", "Array"):
        given = layers if kind == "plain" else [tuple(map(exercise.Array, pair)) for pair in layers]
        result = exercise.network(given, x)
        assert hasattr(result, "edges"), say["no_array"].format(kind=kind)
        found = np.asarray(result.data)
        assert found.shape == expected.shape, say["shape"].format(expected=expected.shape, found=found.shape)
        cause = say["other"]
        if np.allclose(found, np.maximum(expected, 0)):
            cause = say["relu_last"]
        elif np.allclose(found, logits_of(layers, x, bend=False)):
            cause = say["no_relu"]
        assert np.allclose(found, expected), cause


@pytest.mark.points(1, "build")
def test_loss_and_slopes(exercise, rng):
    say = SAY["slopes"]
    layers, x, labels = draw_network(rng)
    loss, slopes = exercise.loss_and_slopes(layers, x, labels)
    expected = loss_of(layers, x, labels)
    cause = say["sum"] if np.allclose(loss, expected * len(x)) else ""
    assert np.shape(loss) == () and np.allclose(loss, expected), (
        say["loss"].format(expected=expected, found=loss) + cause
    )
    slopes = pairs(slopes)
    assert len(slopes) == len(layers), say["pairs"].format(expected=len(layers), found=len(slopes))
    for number, (pair, found) in enumerate(zip(layers, slopes)):
        for name, array, slope in zip(("weight", "bias"), pair, found):
            what = say["what"].format(name=name, number=number)
            assert np.shape(slope) == array.shape, say["shape"].format(what=what, found=np.shape(slope))
            nudged = slope_by_nudging(lambda: loss_of(layers, x, labels), array, rng)
            for index, by_nudging in nudged.items():
                differs = say["differs"].format(what=what, expected=by_nudging, found=slope[index])
                assert abs(slope[index] - by_nudging) < 1e-6, differs
    small = [tuple(array.astype(np.float32) for array in pair) for pair in layers]
    _, slopes = exercise.loss_and_slopes(small, x.astype(np.float32), labels)
    dtypes = {slope.dtype.name for pair in pairs(slopes) for slope in pair}
    assert dtypes == {"float32"}, say["dtype"].format(found=", ".join(sorted(dtypes)))


def pairs(found):
    """A list of pairs, whatever kind of sequence it came in."""
    whole = isinstance(found, (list, tuple)) and all(
        isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in found
    )
    assert whole, SAY["layers"]["form"]
    return [tuple(map(np.asarray, pair)) for pair in found]


def draw_network(rng):
    """Layers of odd sizes in float64, rows to read and their labels."""
    sizes = (11, 7, 5, 3)
    layers = [(rng.standard_normal((n, m)), rng.standard_normal(n)) for m, n in pairwise(sizes)]
    return layers, rng.standard_normal((13, 11)), rng.integers(0, 3, 13)


def logits_of(layers, x, bend=True):
    for place, (weight, bias) in enumerate(layers):
        bent = np.maximum(x, 0) if place > 0 and bend else x
        x = bent @ weight.T + bias
    return x


def loss_of(layers, x, labels):
    logits = logits_of(layers, x)
    return np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(labels)), labels])


def slope_by_nudging(loss, array, rng, h=1e-6):
    """The slope in some numbers of an array, by its place."""
    slopes = {}
    for place in rng.choice(array.size, min(array.size, 8), replace=False):
        index = tuple(map(int, np.unravel_index(place, array.shape)))
        kept, sides = array[index], []
        for step in (h, -h):
            array[index] = kept + step
            sides.append(loss())
        array[index] = kept
        slopes[index] = (sides[0] - sides[1]) / (2 * h)
    return slopes


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "train")
@pytest.mark.seconds(60)
def test_clothes(exercise, rng):
    """Pictures of another kind, and fewer."""
    check_training(exercise, rng, pictures(fashion_mnist, "test"), *CLOTHES, SAY["train"]["clothes"])


@pytest.mark.points(3, "train")
@pytest.mark.seconds(60)
def test_digits(exercise, rng):
    to_learn_from = [] if QUICK else [pictures(mnist, "train")]
    check_training(exercise, rng, pictures(mnist, "test"), *DIGITS, SAY["train"]["digits"], *to_learn_from)


def check_training(exercise, rng, to_test, count, tested, expected, what, to_learn_from=None):
    """Most of the pictures that it did not learn from must be told right."""
    say, order = SAY["train"], rng.permutation(len(to_test[0]))
    if to_learn_from is None:  # the same pictures in two parts
        images, labels = (array[order[tested:][:count]] for array in to_test)
    else:
        rows = rng.permutation(len(to_learn_from[0]))[:count]
        images, labels = (array[rows] for array in to_learn_from)
    trained = exercise.train(images, labels, int(rng.integers(2**31)))
    images, labels = (array[order[:tested]] for array in to_test)
    found = np.asarray(exercise.predict(trained, images))
    form = say["form"].format(expected=labels.shape, found=found.shape)
    assert found.shape == labels.shape and found.dtype.kind in "iu", form
    accuracy = np.mean(found == labels)
    cause = say["guessing"] if accuracy < 0.2 else say["early"] if accuracy < expected - 0.1 else say["nearly"]
    values = {"what": what, "count": count, "expected": 100 * expected, "found": 100 * accuracy}
    assert accuracy >= expected, say["accuracy"].format(**values) + cause


def pictures(dataset, split):
    """Images (N, 28, 28), uint8, and labels."""
    images, labels = dataset(split)
    return np.round(255 * images[:, 0]).astype(np.uint8), labels
