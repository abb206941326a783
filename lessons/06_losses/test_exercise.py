"""The public checks of exercise 6. Ten points. What they say stands in messages.toml.

All sizes are different primes, and all cotangents random. Right values are computed number by number with math.fsum.
"""

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import cause_of, check_vjp, compare, kind, the_value, value_and_vjps

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, UNIT, SLOPE = SAY["what"], SAY["unit"], SAY["slope"]


# --- gaussian_nll -----------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_gaussian_nll(exercise, rng):
    for shape in drawn_shapes(rng):
        sigma = float(rng.choice((rng.uniform(0.2, 0.6), rng.uniform(1.5, 3))))
        check_gaussian(exercise, rng, shape, sigma)


def check_gaussian(exercise, rng, shape, sigma):
    say, (x, target), n = SAY["gaussian_nll"], rng.standard_normal((2, *shape)), shape[0]
    squares, constant, of_pi = (x - target) ** 2 / (2 * sigma**2), math.log(sigma), math.log(2 * math.pi) / 2
    losses = squares + constant + of_pi
    values = in_other_units(losses) | {
        say["no_constants"]: per_example(squares),
        say["no_pi"]: per_example(squares + constant),
        say["no_sigma"]: per_example(squares + of_pi),
        say["pi_without_root"]: per_example(losses + of_pi),
        say["no_half"]: per_example(losses + squares),
        say["sigma_not_squared"]: per_example(squares * sigma + constant + of_pi),
        say["log_variance"]: per_example(losses + constant),
        say["sigma_is_1"]: per_example((x - target) ** 2 / 2 + of_pi),
        say["constants_once"]: per_example(squares) + constant + of_pi,
        say["density"]: per_example(np.exp(-losses)),
    }
    slopes = (x - target) / sigma**2 / n

    def mistakes(g, sign):
        right = g * sign * slopes
        return wrong_slopes(right, g, shape) | {
            say["slope_no_sigma"]: right * sigma**2,
            say["slope_sigma"]: right * sigma,
            say["slope_twice"]: 2 * right,
            say["slope_half"]: right / 2,
        }

    what = WHAT["gaussian_nll"].format(shape=shape, sigma=sigma)
    for dtype in (np.float64, np.float32):
        inputs = x.astype(dtype), target.astype(dtype), sigma
        vjps = check_loss(what, exercise.gaussian_nll, inputs, per_example(losses), values, dtype, ("x", "target"))
        g = cotangent(rng)
        check_vjp(what, "x", vjps[0], g, g * slopes, mistakes(g, 1), dtype)
        check_vjp(what, "target", vjps[1], g, -g * slopes, mistakes(g, -1), dtype)


# --- binary_cross_entropy_with_logits ---------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_binary_cross_entropy_value(exercise, rng):
    say = SAY["binary_cross_entropy"]
    for shape in drawn_shapes(rng):
        logits, targets = 2 * rng.standard_normal(shape), coins(rng, shape)
        losses = coin_losses(logits, targets)
        values = in_other_units(losses) | {
            say["flipped"]: per_example(coin_losses(logits, 1 - targets)),
            say["heads_alone"]: per_example(targets * coin_losses(logits, np.ones(shape))),
            say["no_target"]: per_example(coin_losses(logits, np.zeros(shape))),
            say["not_put_back"]: per_example(losses - np.maximum(logits, 0)),
            say["logarithm_alone"]: per_example(np.log1p(np.exp(-np.abs(logits)))),
            say["probabilities"]: per_example((sigmoid(logits) - targets) ** 2),
        }
        what = WHAT["bce"].format(shape=shape)
        for dtype in (np.float64, np.float32):
            bce, inputs = exercise.binary_cross_entropy_with_logits, (logits.astype(dtype), targets.astype(dtype))
            check_loss(what, bce, inputs, per_example(losses), values, dtype, ("logits", "targets"))


@pytest.mark.points(1, "build")
def test_binary_cross_entropy_far_away(exercise, rng):
    """Where p is 0 or 1 for the computer, or nearly so."""
    say, (n, d) = SAY["binary_cross_entropy"], drawn_shapes(rng)[0]
    cases = [(size, dtype) for size in (32, 150, 1000) for dtype in (np.float64, np.float32)]
    for at in rng.permutation(len(cases)):
        size, dtype = cases[at]
        logits = (size * rng.uniform(0.9, 1.1, (n, d)) * rng.choice((-1, 1), (n, d))).astype(dtype)
        targets = coins(rng, (n, d)).astype(dtype)
        losses = coin_losses(logits, targets)
        values = in_other_units(losses) | {say["infinite"]: "infinite", say["raises"]: "raises"}
        for least in (1e-15, 1e-12, 1e-10, 1e-8, 1e-7):
            values |= {say["clipped"].format(least=least): per_example(clipped(logits, targets, least))}
        if size == 32 and dtype == np.float64:
            with np.errstate(all="ignore"):
                values[say["digits"]] = per_example(clipped(logits, targets, 0))
        what = WHAT["bce_far"].format(size=size, dtype=dtype.__name__)
        bce = exercise.binary_cross_entropy_with_logits
        vjps = check_loss(what, bce, (logits, targets), per_example(losses), values, dtype, ("logits", "targets"))
        slopes = np.asarray(vjps[0](cotangent(rng)))
        assert np.isfinite(slopes).all(), say["nan"].format(what=what, found=f"{slopes.ravel()[:2]}")


@pytest.mark.points(1, "build")
def test_binary_cross_entropy_vjps(exercise, rng):
    say = SAY["binary_cross_entropy"]
    for shape in drawn_shapes(rng):
        logits, targets, n = 2 * rng.standard_normal(shape), coins(rng, shape), shape[0]
        p = sigmoid(logits)
        for dtype in (np.float64, np.float32):
            what, g = WHAT["bce"].format(shape=shape), cotangent(rng)
            _, vjps = exercise.binary_cross_entropy_with_logits(logits.astype(dtype), targets.astype(dtype))
            of_logits, of_targets = g * (p - targets) / n, -g * logits / n
            mistakes = wrong_slopes(of_logits, g, shape) | {
                say["p_alone"]: g * p / n,
                say["sigmoid_again"]: of_logits * p * (1 - p),
                say["of_p"]: of_logits / (p * (1 - p)),
                say["logit_for_p"]: g * (logits - targets) / n,
            }
            check_vjp(what, "logits", vjps[0], g, of_logits, mistakes, dtype)
            mistakes = wrong_slopes(of_targets, g, shape) | {
                say["minus_the_other"]: -of_logits,
                say["no_slope"]: np.zeros(shape),
                say["log_p"]: -g * np.log(p) / n,
            }
            check_vjp(what, "targets", vjps[1], g, of_targets, mistakes, dtype)


def coins(rng, shape):
    """Targets: heads, tails, and some greys."""
    return np.where(rng.random(shape) < 0.7, rng.integers(0, 2, shape), rng.random(shape))


def coin_losses(logits, targets):
    """(1 - t) ln(1 + e^x) + t ln(1 + e^-x), number by number."""

    def softplus(x):
        return max(x, 0.0) + math.log1p(math.exp(-abs(x)))

    pairs = zip(logits.ravel().tolist(), targets.ravel().tolist(), strict=True)
    return np.reshape([(1 - t) * softplus(x) + t * softplus(-x) for x, t in pairs], logits.shape)


def clipped(logits, targets, least):
    p = np.clip(sigmoid(logits.astype(float)), least, 1 - least)
    return -targets * np.log(p) - (1 - targets) * np.log(1 - p)


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


# --- cross_entropy ----------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_cross_entropy_value(exercise, rng):
    say = SAY["cross_entropy"]
    for offset in rng.permutation([0, 0, 1000, -1000]).tolist():
        n, c = drawn_shapes(rng)[0]
        labels = rng.integers(0, c, n)
        logits = rng.standard_normal((n, c)) + offset
        log_p = log_softmax(logits)
        losses, other = -log_p[np.arange(n), labels], log_softmax(logits.reshape(1, -1)).reshape(n, c)
        values = {
            UNIT["sum_of_all"]: losses.sum(),
            UNIT["over_all"]: losses.sum() / (n * c),
            UNIT["bits"]: losses.mean() / math.log(2),
            UNIT["sign"]: -losses.mean(),
            say["columns"]: -log_p[:, labels].sum() / n,
            say["mean_of_columns"]: -log_p[:, labels].mean(),
            say["all_faces"]: -log_p.sum() / n,
            say["whole_array"]: -other[np.arange(n), labels].mean(),
            say["logit_alone"]: -logits[np.arange(n), labels].mean(),
            say["probability"]: -np.exp(-losses).mean(),
            say["one_minus"]: (1 - np.exp(-losses)).mean(),
            say["infinite"]: "infinite",
            say["raises"]: "raises",
        }
        what = WHAT["cross_entropy"].format(shape=(n, c), offset=offset)
        for dtype in (np.float64,) if offset else (np.float64, np.float32):
            inputs = logits.astype(dtype), labels
            check_loss(what, exercise.cross_entropy, inputs, losses.mean(), values, dtype, ("logits",))


@pytest.mark.points(1, "build")
def test_cross_entropy_vjp(exercise, rng):
    say = SAY["cross_entropy"]
    for shape in drawn_shapes(rng):
        n, c = shape[:2]
        logits, labels, rows = rng.standard_normal((n, c)), rng.integers(0, c, n), np.arange(n)
        p, hot = np.exp(log_softmax(logits)), np.eye(c)[labels]
        columns = p - np.isin(np.arange(c), labels)
        for dtype in (np.float64, np.float32):
            g = cotangent(rng)
            right = g * (p - hot) / n
            _, vjps = exercise.cross_entropy(logits.astype(dtype), labels)
            what = WHAT["cross_entropy"].format(shape=(n, c), offset=0)
            mistakes = wrong_slopes(right, g, (n, c)) | {
                say["p_alone"]: g * p / n,
                say["label_alone"]: -g * hot / n,
                say["whole_columns"]: g * columns / n,
                say["of_softmax"]: g * p * (p[rows, labels][:, None] - hot) / n,
                say["logit_for_p"]: g * (logits - hot) / n,
                say["log_p_for_p"]: g * (np.log(p) - hot) / n,
            }
            check_vjp(what, "logits", vjps[0], g, right, mistakes, dtype)


def log_softmax(logits):
    return np.array([[-math.log(math.fsum(math.exp(b - a) for b in row)) for a in row] for row in logits.tolist()])


# --- nats_per_example -------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_nats_per_example(exercise, rng):
    say = SAY["nats_per_example"]
    units = [f"{measure} per {of}" for measure in ("nats", "bits") for of in ("example", "number", "batch")]
    for unit in rng.permutation(2 * units).tolist():
        value, (examples, numbers) = float(rng.normal(0, 100)), rng.choice((3, 7, 13, 29, 784), 2, False).tolist()
        to_nats = math.log(2) if unit.startswith("bits") else 1.0
        times = {"example": 1.0, "number": float(numbers), "batch": 1 / examples}[unit.split()[2]]
        expected = value * to_nats * times
        wrong = {
            say["bits_divided"]: value / to_nats * times,
            say["bits_forgotten"]: value * times,
            say["divided"]: value * to_nats / times,
            say["per_forgotten"]: value * to_nats,
            say["batch_of_numbers"]: value * to_nats / (examples * numbers),
            say["swapped"]: value * to_nats * (examples if "number" in unit else 1 / numbers),
        }
        what = WHAT["nats_per_example"].format(value=value, unit=unit, examples=examples, numbers=numbers)
        compare(what, exercise.nats_per_example(value, unit, examples, numbers), expected, wrong)


# --- bce_of_probabilities: mended -------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_bce_of_probabilities(exercise, rng):
    say, n = SAY["bce_of_probabilities"], int(rng.choice((5, 7, 11)))
    middle, power = rng.uniform(0.01, 0.99, (n, 3)), rng.uniform
    ends = rng.integers(0, 2, (n, 3)).astype(float)
    cases = [
        ("middle", middle, coins(rng, (n, 3))),
        ("near_1", 1 - 10 ** -power(3.5, 8, (n, 3)), coins(rng, (n, 3)) * 0.9),
        ("near_0", 10 ** -power(16, 40, (n, 3)), 1 - coins(rng, (n, 3)) * 0.9),
        ("ends", ends, coins(rng, (n, 3))),
    ]
    for at in rng.permutation(len(cases)):
        name, p, targets = cases[at]
        expected = targets * surprises(p) + (1 - targets) * surprises(1 - p)
        found = exercise.bce_of_probabilities(p, targets)
        wrong = {say["infinite"]: "infinite"}
        for low, high in ((1e-15, 0.999), (1e-15, 1 - 1e-15), (0.001, 0.999), (1e-12, 1 - 1e-12), (1e-7, 1 - 1e-7)):
            cut = np.clip(p, low, high)
            cause = say["above"] if high == 0.999 and name == "near_1" else say["cut"].format(low=low, high=high)
            wrong.setdefault(cause, -targets * np.log(cut) - (1 - targets) * np.log(1 - cut))
        for added in (1e-8, 1e-12, 1e-15):
            wrong[say["added"].format(added=added)] = -targets * np.log(p + added) - (1 - targets) * np.log(
                1 - p + added
            )
        wrong[say["no_other_term"]] = targets * surprises(p)
        wrong[say["shape"]] = "shape"
        compare(say["what"].format(where=say[name]), found, expected, wrong)


def surprises(p):
    """-ln p, where ln 0 counts as -100."""
    return np.vectorize(lambda one: -math.log(one) if one > 0 else 100.0)(p)


# --- telephone_losses: mended -----------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_telephone_losses(exercise, rng):
    say = SAY["telephone_losses"]
    for _ in range(3):
        n, d, k = rng.choice((3, 5, 7, 11, 13), 3, replace=False).tolist()
        (x, pictures), codes = rng.standard_normal((2, n, d)), rng.standard_normal((n, k))
        found = exercise.telephone_losses(x, pictures, codes)
        assert isinstance(found, (tuple, list)) and len(found) == 2, say["form"].format(found=kind(found))
        of = {"of_picture": (x - pictures) ** 2 / 2, "of_code": codes**2 / 2}
        for (name, costs), one in zip(of.items(), found, strict=True):
            examples, numbers = costs.shape
            wrong = {
                say["examples_summed"]: costs.sum() / numbers,
                say["mean"]: costs.mean(),
                say["sum"]: costs.sum(),
                say["no_half"]: 2 * costs.sum() / examples,
                say["shape"]: "shape",
            }
            compare(say[name].format(n=n, d=d, k=k), one, per_example(costs), wrong)


# --- factors_until_zero: an experiment --------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_factors_until_zero(exercise, rng):
    say = SAY["factors_until_zero"]
    cases = [0.5, 1 / 6, 0.1, *rng.uniform(0.02, 0.48, 4).tolist()]
    for p in rng.permutation(cases).tolist():
        found, expected = exercise.factors_until_zero(p), halvings(p)
        is_number = isinstance(found, (int, np.integer)) and not isinstance(found, bool)
        assert is_number, say["no_number"].format(p=p, found=f"{found!r:.60}")
        causes = {
            "float32": 103.97 / -math.log(p),
            "normal": 708.4 / -math.log(p),
            "epsilon": 36.04 / -math.log(p),
            "coin": 1075 if p != 0.5 else math.inf,
            "decimal": 745.13 / -math.log10(p),
            "binary": 745.13 / -math.log2(p) if p != 0.5 else 745,
        }
        same = [say[cause] for cause, wrong in causes.items() if abs(found - wrong) <= 2]
        difference = say["differs"].format(p=p, expected=expected, found=found)
        assert abs(found - expected) <= 2, difference + cause_of(same)
    line = exercise.WHY_THEN
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def halvings(p):
    """By the exponent of the smallest float64, 2^-1074: a product rounds to 0 at half of it."""
    return math.ceil(1075 * math.log(2) / -math.log(p) - 1e-9)


# --- what the tests share ---------------------------------------------------------------------------------------------


def drawn_shapes(rng):
    """Two axes and three, of different primes."""
    sizes = rng.permutation([2, 3, 5, 7, 11]).tolist()
    return [tuple(sizes[:2]), tuple(sizes[2:])]


def cotangent(rng):
    """A number of order 1, of either sign, and neither 1 nor -1."""
    return float(rng.uniform(1.3, 3) * rng.choice((-1, 1)))


def per_example(losses):
    return math.fsum(losses.ravel().tolist()) / len(losses)


def in_other_units(losses):
    """What the loss is if it is summed or averaged over something else."""
    others = losses.size / len(losses)
    return {
        UNIT["mean_of_all"]: losses.mean(),
        UNIT["sum_of_all"]: losses.sum(),
        UNIT["examples_summed"]: losses.sum() / others,
        UNIT["bits"]: per_example(losses) / math.log(2),
        UNIT["sign"]: -per_example(losses),
    }


def wrong_slopes(right, g, shape):
    """Mistakes that each of the vjps can have."""
    n, size = shape[0], math.prod(shape)
    return {
        SLOPE["sign"]: -right,
        SLOPE["no_g"]: right / g,
        SLOPE["not_averaged"]: right * n,
        SLOPE["neither"]: right * n / g,
        SLOPE["over_all"]: right * n / size,
        SLOPE["over_numbers"]: right * n * n / size,
        SLOPE["raises"]: "raises",
        SLOPE["shape"]: "shape",
    }


def check_loss(what, op, inputs, value, mistakes, dtype, names):
    """The form of what a loss returns, then its value, which is one number. Gives its vjps."""
    found, vjps = value_and_vjps(what, op, inputs, names, mistakes)
    if isinstance(found, np.ndarray) and found.ndim:
        raise AssertionError(UNIT["not_a_number"].format(what=what, found=kind(found)))
    compare(the_value(what), found, value, mistakes, dtype, any_dtype=True)
    return vjps
