"""The public checks of exercise 5. Ten points. What they say stands in messages.toml.

All sizes are different primes and all cotangents random. Right gradients are measured by complex steps (lesson 1),
which are exact to the last digits, so no formula stands here twice.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import cause_of, check_vjp, compare, differs, kind, the_value, value_and_vjps, wanted

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT = SAY["what"]
NAMES, LAYOUT = ("x", "weight", "bias"), {SAY["linear"]["layout"]: "raises"}
PRIMES = (3, 5, 7, 11, 13)


# --- linear -----------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_linear_value_and_x(exercise, rng):
    say = SAY["linear"]
    for x, weight, bias, g in layers(rng):
        y = weighted_sums(x, weight) + bias
        value, vjps = value_and_vjps(WHAT["linear"], exercise.linear, (x, weight, bias), NAMES, LAYOUT)
        compare(the_value(WHAT["linear"]), value, y, {say["no_bias"]: y - bias})
        mistakes = {say["no_g"]: np.tile(weight.sum(axis=0), (len(x), 1)), say["shape"]: "shape raises"}
        check_vjp(WHAT["linear"], "x", vjps[0], g, of_x(x, weight, g), mistakes)


@pytest.mark.points(1, "build")
def test_linear_weight_and_bias(exercise, rng):
    for x, weight, bias, g in layers(rng):
        vjps = value_and_vjps(WHAT["linear"], exercise.linear, (x, weight, bias), NAMES, LAYOUT)[1]
        check_weight_and_bias(WHAT["linear"], vjps, x, weight, g, 1.0)


def layers(rng, draws=3):
    """x, weight, bias and a cotangent; all sizes differ."""
    for _ in range(draws):
        n, inputs, outputs = rng.permutation(PRIMES)[:3].tolist()
        shapes = (n, inputs), (outputs, inputs), (outputs,), (n, outputs)
        yield [rng.standard_normal(shape) for shape in shapes]


def weighted_sums(x, weight):
    return np.stack([(x * row).sum(axis=1) for row in weight], axis=1)


def of_x(x, weight, g):
    return vjp(lambda x: weighted_sums(x, weight), x, g)


def check_weight_and_bias(what, vjps, x, weight, g, factor):
    say = SAY["linear"]
    of_weight = vjp(lambda weight: factor * weighted_sums(x, weight), weight, g)
    of_bias = vjp(lambda bias: bias + 0 * g, np.zeros(len(weight)), g)
    mistakes = {
        say["mean"]: of_weight / len(x),
        say["transposed"]: of_weight.T,
        say["no_g"]: np.tile(factor * x.sum(axis=0), (len(weight), 1)),
        say["shape"]: "shape raises",
    }
    check_vjp(what, "weight", vjps[1], g, of_weight, mistakes)
    mistakes = {
        say["mean"]: of_bias / len(x),
        say["not_summed"]: g,
        say["rows"]: g.sum(axis=1),
        say["bias_no_g"]: np.full(of_bias.shape, float(len(x))),
        say["kept"]: of_bias[None],
        say["all"]: np.full(of_bias.shape, g.sum()),
    }
    check_vjp(what, "bias", vjps[2], g, of_bias, mistakes)


# --- relu -------------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_relu(exercise, rng):
    say = SAY["relu"]
    for shape in ((7, 3), (2, 5, 3), (11,)):
        x, g = rng.standard_normal(shape), rng.standard_normal(shape)
        x.flat[rng.integers(x.size)] = 0.0
        right = np.array([passed if at > 0 else 0.0 for at, passed in zip(x.flat, g.flat)]).reshape(shape)
        of_the_value = {say["absolute"]: np.abs(x), say["step"]: (x > 0) * 1.0, say["negative"]: np.minimum(x, 0)}
        mistakes = {
            say["at_zero"]: np.where(x >= 0, g, 0),
            say["no_g"]: (x > 0) * 1.0,
            say["sign_of_g"]: np.maximum(g, 0),
            say["times_x"]: g * np.maximum(x, 0),
            say["g"]: g,
        }
        for dtype in (np.float64, np.float32):
            value, vjps = value_and_vjps(WHAT["relu"], exercise.relu, (x.astype(dtype),), ["x"])
            what = the_value(WHAT["relu"])
            compare(what, value, np.array([max(at, 0.0) for at in x.flat]).reshape(shape), of_the_value, dtype)
            check_vjp(WHAT["relu"], "x", vjps[0], g, right, mistakes, dtype)


# --- init_weight: its moments, within six standard errors -------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_init_weight(exercise, rng):
    slopes = rng.permutation([0.0, *rng.uniform(0.3, 0.6, 2)]).tolist()
    for slope in (*slopes, 1.0):  # 1 is the last: there several mistakes look alike
        small, large = int(rng.integers(50, 70)), int(rng.integers(130, 170))
        check_init_weight(exercise, rng, (small, large), slope)
        check_init_weight(exercise, rng, (large, small), slope)


def check_init_weight(exercise, rng, shape, slope):
    say, seed = SAY["init_weight"], int(rng.integers(2**31))
    what = WHAT["init_weight"].format(shape=shape, slope=slope)
    weight, again, other = (exercise.init_weight(*shape, seed=one, slope=slope) for one in (seed, seed, seed + 1))
    is_array = isinstance(weight, np.ndarray) and weight.dtype.kind == "f"
    assert is_array, differs(what, wanted(np.empty(shape)), kind(weight))
    assert weight.shape == shape, differs(what, shape, weight.shape) + cause_of([say["shape"]])
    assert np.array_equal(weight, again), say["not_the_same"].format(what=what)
    assert not np.array_equal(weight, other), say["the_same"].format(what=what)
    outputs, inputs = shape
    keeps = 2 / ((1 + slope**2) * inputs)
    found, expected, error = weight.std(), keeps**0.5, (2 * weight.size) ** -0.5
    causes = {
        say["relu"]: (2 / inputs) ** 0.5,
        say["outputs"]: (keeps * inputs / outputs) ** 0.5,
        say["variance"]: keeps,
        say["both"]: (keeps * 2 * inputs / (inputs + outputs)) ** 0.5,
        say["linear"]: inputs**-0.5,
        say["slope_not_squared"]: (2 / ((1 + slope) * inputs)) ** 0.5,
        say["added"]: (2 / (1 + slope**2) / inputs**2) ** 0.5,
        say["halved"]: (keeps / 4) ** 0.5,
        say["torch"]: (1 / (3 * inputs)) ** 0.5,
        say["uniform"]: (keeps / 3) ** 0.5,
    }
    same = [cause for cause, wrong in causes.items() if abs(found / wrong - 1) < 4 * error]
    difference = say["std"].format(what=what, expected=expected, found=found)
    assert abs(found / expected - 1) < 6 * error, difference + cause_of(same)
    centred = abs(weight.mean()) < 6 * expected / weight.size**0.5
    assert centred, say["mean"].format(what=what, found=weight.mean())


# --- ladder: each rung is measured with the learner's own gradients of the lines below it -----------------------------

READERS = {  # of each value: the lines that use it
    "d": {"loss": lambda v: (v["d"] ** 2).sum() / len(v["d"])},
    "y": {"d": lambda v: v["y"] - v["target"]},
    "w2": {"y": lambda v: weighted_sums(v["h"], v["w2"]) + v["b2"]},
    "b2": {"y": lambda v: weighted_sums(v["h"], v["w2"]) + v["b2"]},
    "h": {"y": lambda v: weighted_sums(v["h"], v["w2"]) + v["b2"]},
    "u": {"h": lambda v: np.where(v["u"].real > 0, v["u"], 0)},
    "r": {"u": lambda v: v["z"] / v["r"]},
    "m": {"r": lambda v: np.sqrt(v["m"])},
    "z": {"u": lambda v: v["z"] / v["r"], "m": lambda v: (v["z"] ** 2).mean(axis=1, keepdims=True)},
    "w1": {"z": lambda v: weighted_sums(v["x"], v["w1"]) + v["b1"]},
    "b1": {"z": lambda v: weighted_sums(v["x"], v["w1"]) + v["b1"]},
    "x": {"z": lambda v: weighted_sums(v["x"], v["w1"]) + v["b1"]},
}


@pytest.mark.points(1, "build")
def test_ladder_last_layer(exercise, rng):
    check_ladder(exercise, rng, ("d", "y", "w2", "b2", "h"), ())


@pytest.mark.points(1, "build")
def test_ladder_division(exercise, rng):
    check_ladder(exercise, rng, ("u", "r", "m", "z"), ("h",))


@pytest.mark.points(1, "build")
def test_ladder_first_layer(exercise, rng):
    check_ladder(exercise, rng, ("w1", "b1", "x"), ("z",))


def check_ladder(exercise, rng, names, taken):
    """These gradients, given those of the learner that they are `taken` from."""
    say = SAY["ladder"]
    for _ in range(3):
        values = values_of_network(rng)
        found = exercise.ladder(**{name: values[name] for name in ("x", "target", "w1", "b1", "w2", "b2")})
        missing = [] if isinstance(found, dict) else list(READERS)
        missing = missing or [name for name in READERS if name not in found]
        assert not missing, say["form"].format(found=kind(found), missing=", ".join(missing))
        given = {**found, "loss": 1.0}
        for name in taken:
            compare_shape(name, found[name], values[name])
        for name in names:
            right = sum(vjp_of_line(line, values, name, given[reader]) for reader, line in READERS[name].items())
            mistakes = mistakes_on_ladder(name, values, given, right)
            compare(WHAT["ladder"].format(name=name), found[name], right, mistakes)


def compare_shape(name, found, value):
    fits = isinstance(found, np.ndarray) and found.shape == value.shape
    what = WHAT["ladder"].format(name=name)
    assert fits, differs(what, wanted(value), kind(found)) + cause_of([SAY["ladder"]["first"]])


def values_of_network(rng):
    n, inputs, hidden, outputs = rng.permutation(PRIMES)[:4].tolist()
    shapes = {"x": (n, inputs), "target": (n, outputs), "w1": (hidden, inputs), "b1": (hidden,)}
    shapes |= {"w2": (outputs, hidden), "b2": (outputs,)}
    v = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    v["z"] = weighted_sums(v["x"], v["w1"]) + v["b1"]
    for name, reader in (("m", "z"), ("r", "m"), ("u", "r"), ("h", "u"), ("y", "h"), ("d", "y")):
        v[name] = READERS[reader][name](v)
    return v


def vjp_of_line(line, values, name, g):
    return vjp(lambda value: line({**values, name: value}), values[name], g)


def mistakes_on_ladder(name, v, found, right):
    """What gives just this number, for each value another list."""
    say, n = SAY["ladder"], len(v["x"])
    if name == "d":
        return {
            say["not_divided"]: n * right,
            say["over_all"]: right / v["d"].shape[1],
            say["without_2"]: right / 2,
        }
    if name in ("w1", "w2"):
        before = v["x"] if name == "w1" else v["u"]
        above = found["z" if name == "w1" else "y"]
        return {say["mean"]: right / n, say["transposed"]: right.T, say["before_relu"]: above.T @ before}
    if name in ("b1", "b2"):
        above = found["z" if name == "b1" else "y"]
        return {say["mean"]: right / n, say["bias_not_summed"]: above, say["shape"]: "shape raises"}
    if name == "u":
        return {
            say["no_mask"]: found["h"],
            say["mask_of_h"]: found["h"] * v["h"],
            say["mask_of_g"]: found["h"] * (found["h"] > 0),
        }
    if name == "r":
        each = -found["u"] * v["z"] / v["r"] ** 2
        return {
            say["not_summed"]: each,
            say["axis_lost"]: each.sum(axis=1),
            say["sign"]: -right,
            say["mean_of_row"]: each.mean(axis=1, keepdims=True),
            say["quotient"]: right * v["r"],
            say["wrong_axis"]: each.sum(axis=0),
        }
    if name == "m":
        return {
            say["root"]: found["r"] * v["r"] / 2,
            say["root_half"]: found["r"] / v["r"],
            say["root_m"]: found["r"] / (2 * v["m"]),
        }
    if name == "z":
        first = found["u"] / v["r"]
        return {
            say["one_way"]: first,
            say["other_way"]: right - first,
            say["sum_for_mean"]: first + (right - first) * v["z"].shape[1],
            say["over_rows"]: first + (right - first) * v["z"].shape[1] / n,
            say["square"]: first + (right - first) / 2,
        }
    return {say["shape"]: "shape raises"}


# --- scaled_linear: mended --------------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_scaled_linear_value(exercise, rng):
    say = SAY["scaled_linear"]
    for x, weight, bias, _ in layers(rng):
        sums = weighted_sums(x, weight)
        outputs, inputs = weight.shape
        y = (2 / inputs) ** 0.5 * sums + bias
        mistakes = {
            say["outputs"]: (2 / outputs) ** 0.5 * sums + bias,
            say["rows"]: (2 / len(x)) ** 0.5 * sums + bias,
            say["bias_too"]: (2 / inputs) ** 0.5 * (sums + bias),
            say["no_scale"]: sums + bias,
            say["variance"]: 2 / inputs * sums + bias,
            say["one"]: inputs**-0.5 * sums + bias,
        }
        value = value_and_vjps(WHAT["scaled_linear"], exercise.scaled_linear, (x, weight, bias), NAMES, LAYOUT)[0]
        compare(the_value(WHAT["scaled_linear"]), value, y, mistakes)


@pytest.mark.points(1, "debug")
def test_scaled_linear_gradients(exercise, rng):
    say = SAY["scaled_linear"]
    for x, weight, bias, g in layers(rng):
        outputs, inputs = weight.shape
        vjps = value_and_vjps(WHAT["scaled_linear"], exercise.scaled_linear, (x, weight, bias), NAMES, LAYOUT)[1]
        right = (2 / inputs) ** 0.5 * of_x(x, weight, g)
        mistakes = {
            say["outputs"]: right * (inputs / outputs) ** 0.5,
            say["rows"]: right * (inputs / len(x)) ** 0.5,
            say["no_scale"]: right * (inputs / 2) ** 0.5,
        }
        check_vjp(WHAT["scaled_linear"], "x", vjps[0], g, right, mistakes)
        check_weight_and_bias(WHAT["scaled_linear"], vjps, x, weight, g, (2 / inputs) ** 0.5)


# --- layers_until_lost: an experiment ---------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_layers_until_lost(exercise, rng):
    say = SAY["layers_until_lost"]
    factors = [1.0, *rng.uniform(0.3, 0.6, 3).tolist(), *rng.uniform(1.7, 3.5, 3).tolist()]
    cases = []
    for factor in rng.permutation(factors).tolist():
        width = int(rng.integers(60, 140))
        cases.append(((2 * factor / width) ** 0.5, width, int(rng.integers(2**31))))
    found = [exercise.layers_until_lost(*case) for case in cases]
    for case, layers in zip(cases, found, strict=True):
        is_number = isinstance(layers, (int, np.integer)) and not isinstance(layers, bool)
        assert is_number, say["no_number"].format(what=named(*case), found=f"{layers!r:.60}")
    check_layers(cases, np.array(found), np.array([layers_passed(*case) for case in cases]))
    line = exercise.WHY_THIS_WIDTH
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def check_layers(cases, found, expected):
    """The first that differs, and the cause that fits all cases."""
    is_off = found != expected
    if not is_off.any():
        return
    say, lost, dies = SAY["layers_until_lost"], expected < 200, np.array([std**2 * w < 2 for std, w, _ in cases])
    causes = {
        say["one_off"]: np.ptp((found - expected)[lost]) == 0 and abs(found - expected).max() == 1,
        say["not_squared"]: np.array_equal(found, [layers_passed(*case, power=1) for case in cases]),
        say["no_relu"]: np.array_equal(found, [layers_passed(*case, relu=lambda z: z) for case in cases]),
        say["never_above"]: (found == np.where(dies, expected, 200)).all(),
        say["never_below"]: (found == np.where(dies & lost, 200, expected)).all(),
        say["calculated"]: abs(found - expected).max() <= 5,
    }
    same = [cause for cause, is_this in causes.items() if is_this]
    first = int(is_off.argmax())
    raise AssertionError(differs(named(*cases[first]), expected[first], found[first]) + cause_of(same))


def named(std, width, seed):
    return WHAT["layers_until_lost"].format(std=std, width=width, seed=seed)


def layers_passed(std, width, seed, *, power=2, relu=lambda z: np.maximum(z, 0)):
    draw = np.random.default_rng(seed).standard_normal
    x = draw((10, width))
    start = size = (x**2).mean() ** (power / 2)
    layers = 0
    while 1e-6 * start <= size <= 1e6 * start and layers < 200:
        x = relu(x @ (std * draw((width, width))).T)
        size = (x**2).mean() ** (power / 2)
        layers += 1
    return layers


# --- what the tests share ---------------------------------------------------------------------------------------------


def vjp(f, x, g):
    """Σ g f'(x) for each element of x, by complex steps."""
    x, slopes = x.astype(complex), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += 1e-100j
        slopes[place] = np.sum(g * f(x).imag) / 1e-100
        x[place] = x[place].real
    return slopes
