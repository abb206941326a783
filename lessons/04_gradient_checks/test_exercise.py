"""The public checks of exercise 4. Ten points. What they say stands in messages.toml.

Checks are checked by what they let pass: each test hands over right cases and wrong ones, and wants both told apart.
Their order, their places and the factors of planted errors are drawn, so that no answer can be known beforehand.
"""

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, EXPECTED = SAY["what"], SAY["expected"]
SIZES = 250 * 2 ** np.arange(10)  # of samples, for the experiment

# --- check: right ops must come out below 1e-6, wrong ones above 1e-3 -------------------------------------------------


@pytest.mark.points(1, "build")
def test_check_gives_the_relative_error(exercise, rng):
    x, seed, say = rng.standard_normal((2, 3)), draw_seed(rng), SAY["check"]
    right = np.abs(np.random.default_rng(seed).standard_normal((2, 3)) * np.exp(x)).max()
    drawn = (rng.uniform(1.5, 4), rng.uniform(0.2, 0.8), -rng.uniform(0.3, 3))
    factors = [1.0, *map(float, drawn), 0.0, -1.0, 1.0001]
    errors = ask(rng, factors, lambda factor: relative_error(exercise, exp_times(factor), x, seed))
    for factor, found in zip(factors, errors, strict=True):
        expected = abs(factor - 1) / max(abs(factor), 1)
        causes = {
            "rows": by_rows(exp_times(1.0), x, seed, factor),
            "not_divided": abs(factor - 1) * right,
            "beside_slopes": abs(factor - 1),
            "sizes": abs(abs(factor) - 1) / max(abs(factor), 1),
            "coarse": found if factor == 1 and 1e-6 < found < 1e-2 else -1.0,
        }
        same = [say[name] for name, wrong in causes.items() if math.isclose(found, wrong, rel_tol=0.01, abs_tol=1e-6)]
        is_error = math.isclose(found, expected, rel_tol=0.01, abs_tol=1e-6)
        difference = say["error"].format(op=exp_times(factor).__name__, expected=expected, found=found)
        assert is_error, difference + usual(*same)
    found = relative_error(exercise, constant, x, seed)
    cause = usual(say["zero_by_zero"] if math.isnan(found) else "")
    assert found == 0, say["constant"].format(found=found) + cause


@pytest.mark.points(1, "build")
def test_check_looks_at_every_element(exercise, rng):
    moved_or_averaged(exercise, rng)
    shape, say = (2, 3), SAY["check"]
    changes = {
        last_too_large: say["not_all"],
        first_too_large: say["not_all"],
        turned: say["in_the_wrong_place"],
        with_nan: say["nan"],
    }
    cases = [(mixing(change), shape, cause) for change, cause in changes.items()]
    cases.append((constant_with_nan, shape, say["nan"]))
    told_apart(exercise, rng, cases + [(mixing(unchanged), shape, None)] * len(cases))


def moved_or_averaged(exercise, rng):
    """Whatever ones cannot see."""
    seen: list = []
    layer, three, flat, four = (2, 3), (2, 2, 2), (5,), (4, 2)
    right = [(mixing(unchanged), layer), (exp_times(1.0), layer), (moved_right, three)]
    right += [(reversed_twice, flat), (row_major, four)]
    wrong = [(dead_softmax, layer), (averaged, layer), (moved_on, three), (reversed_once, flat), (column_major, four)]

    def cause():
        ones = any(np.ptp(cotangent) == 0 for cotangent in seen)
        return SAY["check"]["ones" if ones else "a_part"]

    why = [None] * len(right) + [cause] * len(wrong)
    cases = [(watched(op, seen), shape, cause) for (op, shape), cause in zip(right + wrong, why, strict=True)]
    told_apart(exercise, rng, cases)


@pytest.mark.points(1, "build")
def test_check_of_float32_and_of_small_gradients(exercise, rng):
    in_float32(exercise, rng)
    small(exercise, rng)


def in_float32(exercise, rng):
    shape, cause = (2, 3), SAY["check"]["tolerance"]
    right = [exp_times(1.0), exp_times(1.0, round(rng.uniform(1, 9), 1)), mixing(unchanged)]
    wrong = [exp_times(1 + sign * rng.uniform(0.005, 0.02)) for sign in (1, -1, 1)]
    cases = [(op, shape, None) for op in right] + [(op, shape, cause) for op in wrong]
    told_apart(exercise, rng, cases, np.float32)


def small(exercise, rng):
    shape, say, cases = (2, 3), SAY["check"], []
    for size in (1e-9, 1e-5, 1e6):
        scale = size * round(rng.uniform(1, 4), 1)
        cases += [
            (exp_times(1.0, scale), shape, None),
            (exp_times(0.0, scale), shape, say["absolute_of"].format(scale=scale)),
            (exp_times(rng.uniform(1.5, 3), scale), shape, say["zeros_only"]),
            (exp_times(-1.0, scale), shape, say["signs"]),
        ]
    told_apart(exercise, rng, cases)


# --- is_kink ----------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_is_kink_finds_kinks_of_any_size(exercise, rng):
    w, rates = rng.uniform(1, 2, 3), rng.uniform(0.7, 2, 4)
    cases = [
        ("relu", lambda x: float(np.maximum(x, 0).sum()), [0.0], [1.0], True, "none"),
        ("abs_backwards", lambda x: float(np.abs(x).sum()), [0.0], [-1.0], True, "none"),
        ("tie", lambda x: float(x.max()), [2.0, 1.0, 2.0], [1.0, 0.0, 0.0], True, "direction"),
        ("tiny", lambda x: float(1e-9 * np.abs(x).sum()), [0.0], [1.0], True, "fixed_threshold"),
        ("high", lambda x: float(1000 + np.abs(x).sum()), [0.0], [1.0], True, "wide"),
        ("weighted", lambda x: float((w * np.abs(x)).sum()), [0.5, 0.0, -0.7], [0.6, 0.8, 0.0], True, "none"),
        ("minus", lambda x: -float(np.abs(x).sum()), [0.0], [1.0], True, "negative"),
        ("high_minus", lambda x: float(1000 - np.abs(x).sum()), [0.0], [1.0], True, "negative"),
    ]
    for rate in map(float, rates):
        cases.append((SAY["kinks"]["exp"].format(rate=rate), exp_of(rate), [0.0], [1.0], False, "smooth"))
    check_kinks(exercise, rng, cases)


@pytest.mark.points(1, "build")
def test_is_kink_is_not_fooled_by_curvature_rounding_or_distance(exercise, rng):
    w, level = rng.uniform(1, 2, 3), float(rng.uniform(3, 7))
    bumps = lambda x: float(np.abs(x[0]) + x[1] ** 2)
    near = [rng.uniform(0.2, 1.2, 3) for _ in range(3)]
    linear = [("linear", lambda x: float(w @ x)), ("linear_high", lambda x: float(w @ x + 100))]
    linear.append(("linear_third", lambda x: float(w @ x / 3)))
    ways = ([0.6, 0.8, 0.0], [0.0, 0.6, 0.8], [0.8, 0.0, 0.6])
    cases = [
        *((name, f, x, way, False, "rounding") for (name, f), x, way in zip(linear, near, ways)),
        ("abs", lambda x: float(np.abs(x).sum()), [0.0], [1.0], True, "unseen"),
        (SAY["kinks"]["exp"].format(rate=1), exp_of(1.0), [0.5], [1.0], False, "smooth"),
        ("square", lambda x: float(1000 * (x * x).sum()), [0.0], [1.0], False, "smooth"),
        ("constant", lambda x: level, [0.3], [1.0], False, "zeros"),
        ("relu_away", lambda x: float(np.maximum(x, 0).sum()), [0.01], [1.0], False, "away"),
        ("bumps_smooth", bumps, [0.0, 0.7], [0.0, 1.0], False, "direction"),
        ("bumps_kink", bumps, [0.0, 0.7], [1.0, 0.0], True, "direction"),
    ]
    check_kinks(exercise, rng, cases)


def exp_of(rate):
    """A smooth function."""
    return lambda x: float(np.exp(rate * x).sum())


# --- sample_moments_match ---------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_sample_moments_match(exercise, rng):
    within_four_standard_errors(exercise, rng)
    wrong_samplers(exercise, rng)


def within_four_standard_errors(exercise, rng):
    """Samples are made so that their moments are off by known numbers of standard errors: no luck is involved."""
    cases = []
    for mu, log_var, n in ((0.3, 0.0, 10_000), (-1.2, -2.0, 10_000), (5.0, 1.5, 2_000)):
        for off in ((0, 0), (3, 0), (-3, 0), (0, 3), (0, -3), (5, 0), (-5, 0), (0, 5), (0, -5)):
            off_mean, off_variance = (number and number + rng.uniform(-0.1, 0.1) for number in off)
            moment, most = ("variance", off_variance) if off_variance else ("mean", off_mean)
            cases.append((mu, log_var, n, off_mean, off_variance, moment_cause(moment, most, abs(most) < 4)))
    for off_mean, off_variance in ((4.3, 3), (-3.9, -3), (0, 4.5), (0, -3.5)):
        cases.append((0.3, -2.0, 200, off_mean, off_variance, SAY["moments"]["promised"]))

    def match(mu, log_var, n, off_mean, off_variance, _):
        mu, log_var = mu + rng.uniform(-0.1, 0.1), log_var * rng.uniform(0.95, 1.05)
        return exercise.sample_moments_match(off_by(off_mean, off_variance), mu, log_var, draw_seed(rng), n)

    answers = ask(rng, cases, lambda case: match(*case))
    for (_, log_var, n, off_mean, off_variance, cause), found in zip(cases, answers, strict=True):
        what = WHAT["standard_errors"].format(n=n, log_var=log_var, off_mean=off_mean, off_variance=off_variance)
        truth(what, found, max(abs(off_mean), abs(off_variance)) < 4, cause)
    check_what_sample_receives(exercise, draw_seed(rng))


def wrong_samplers(exercise, rng):
    say = SAY["moments"]
    wrong = {
        "bug": lambda mu, log_var, eps: mu + np.exp(log_var) * eps,
        "no_mean": lambda mu, log_var, eps: np.exp(log_var / 2) * eps,
        "no_noise": lambda mu, log_var, eps: mu + 0 * eps,
        "std_1": lambda mu, log_var, eps: mu + eps,
        "sign": lambda mu, log_var, eps: mu + np.exp(-log_var / 2) * eps,
        "too_wide": lambda mu, log_var, eps: mu + 1.1 * np.exp(log_var / 2) * eps,
        "mean_off": lambda mu, log_var, eps: mu + np.exp(log_var / 2) * (eps + 0.1),
    }
    samplers = [("right", off_by(0, 0))] * 3 + list(wrong.items())
    cases = [(name, sampler, log_var) for log_var in (-2.0, 1.5) for name, sampler in samplers]

    def match(_, sampler, log_var):
        return exercise.sample_moments_match(sampler, 0.7, log_var + rng.uniform(-0.1, 0.1), draw_seed(rng))

    answers = ask(rng, cases, lambda case: match(*case))
    for (name, _, log_var), found in zip(cases, answers, strict=True):
        if name == "right":
            truth(WHAT["right_sampler"].format(log_var=log_var), found, True, say["not_the_std"])
            continue
        cause = say["mean_not_looked_at" if name in ("no_mean", "mean_off") else "variance_not_looked_at"]
        truth(WHAT["sampler"].format(name=SAY["samplers"][name], log_var=log_var), found, False, cause)


# --- lying_softmax ----------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_lying_softmax(exercise, rng):
    x, say = rng.standard_normal((2, 5)), SAY["lying_softmax"]
    y, (right,) = softmax(x)
    result = exercise.lying_softmax(x)
    is_pair = isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], tuple) and len(result[1]) == 1
    assert is_pair, say["form"]
    value, (vjp,) = result
    assert callable(vjp), say["no_vjp"].format(form=say["form"], found=f"{vjp!r:.60}")
    is_value = np.shape(value) == y.shape and np.allclose(value, y)
    assert is_value, say["value"].format(expected=sketch(y), found=sketch(value))
    cotangents = rng.standard_normal((8, *y.shape))
    for_ones, for_random = vjp(np.ones(y.shape)), [vjp(g) for g in cotangents]
    strange = [found for found in (for_ones, *for_random) if np.shape(found) != x.shape or not np.isfinite(found).all()]
    assert not strange, say["strange"].format(shape=x.shape, found=f"{strange[0]!r:.80}")
    assert np.abs(for_ones).max() < 1e-12, say["ones"].format(found=sketch(for_ones))
    off = [np.abs(found - right(g)).max() / np.abs(right(g)).max() for found, g in zip(for_random, cotangents)]
    assert max(off) > 0.1, say["truth"].format(off=max(off))
    assert any(map(np.any, for_random)), say["zeros"]


# --- log_cosh: the draft, mended --------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_log_cosh_near_its_target(exercise, rng):
    say = SAY["log_cosh"]
    prediction, target, g = rng.standard_normal((3, 5, 3))
    d = prediction - target
    value, found = log_cosh_of(exercise, prediction, target, g)
    absolute = [say["absolute"]] if near(value, np.abs(d)) or near(value, np.abs(d) - math.log(2)) else []
    compare(say["value"], value, np.log((np.exp(d) + np.exp(-d)) / 2), d, absolute)
    slope = np.sinh(d) / np.cosh(d)
    for name, expected in {"prediction": g * slope, "target": -g * slope}.items():
        causes = {"no_g": expected / g, "sign": -expected}
        same = [say[cause] for cause, wrong in causes.items() if near(found[name], wrong)]
        compare(say["gradient"].format(name=name), found[name], expected, d, same)


@pytest.mark.points(1, "debug")
def test_log_cosh_far_from_its_target(exercise, rng):
    """Only what overflows is asked for here: the gradients are finite, and right in the other test."""
    say = SAY["log_cosh"]
    d = rng.permutation(rng.uniform(800, 3000, 6) * [1, 1, 1, -1, -1, -1])
    target, g = rng.standard_normal((2, 6))
    value, found = log_cosh_of(exercise, d + target, target, g)
    is_level = np.isfinite(value).all() and np.ptp(value) < 1
    compare(say["value"], value, np.abs(d) - math.log(2), d, [say["clipped"]] if is_level else [])
    for name, gradient in found.items():
        what = say["finite"].format(name=name, found=sketch(gradient))
        assert np.isfinite(gradient).all(), what + usual(say["quotient"] if np.isnan(gradient).any() else "")


def log_cosh_of(exercise, prediction, target, g):
    """Its value, and a gradient by name, each of the form that it must have."""
    say = SAY["log_cosh"]
    result = exercise.log_cosh(prediction, target)
    is_pair = isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], tuple) and len(result[1]) == 2
    assert is_pair and all(map(callable, result[1])), say["form"]
    value, vjps = result
    found = {name: vjp(g) for name, vjp in zip(("prediction", "target"), vjps, strict=True)}
    shapes = {np.shape(one) for one in (value, *found.values())}
    assert shapes == {g.shape}, say["shape"].format(expected=g.shape, found=shapes)
    return value, found


def compare(what, found, expected, d, causes=()):
    """The first element that differs, with the d that it belongs to."""
    wrong = np.flatnonzero(~np.isclose(found, expected, rtol=1e-9, atol=1e-12))
    if wrong.size:
        at, numbers = wrong[0], {"expected": expected, "found": found, "d": d}
        said = {name: f"{array.flat[at]:.4g}" for name, array in numbers.items()}
        raise AssertionError(SAY["log_cosh"]["differs"].format(what=what, **said) + usual(*causes))


def near(found, expected):
    return np.allclose(found, expected, rtol=1e-9, atol=1e-12)


# --- samples_until_seen: an experiment --------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_samples_until_seen(exercise, rng):
    say = SAY["samples_until_seen"]
    cases = [(sign * float(s), clear_seed(rng, sign * s)) for sign in (1, -1) for s in rng.uniform(0.05, 0.4, 5)]
    cases.append((0.0, clear_seed(rng, 0.0)))
    answers = ask(rng, cases, lambda case: exercise.samples_until_seen(*case))
    for (s, seed), found in zip(cases, answers, strict=True):
        is_number = isinstance(found, (int, np.integer)) and not isinstance(found, bool)
        assert is_number, say["no_number"].format(s=s, found=f"{found!r:.60}")
        scores, variances = scores_of_the_bug(s, seed)
        expected = first_beyond_5(np.abs(scores))
        causes = {
            "sign": first_beyond_5(scores),
            "own": first_beyond_5(np.abs(scores) * np.exp(s) / variances),
            "calculated": first_beyond_5(np.abs(np.expm1(s)) * np.sqrt(SIZES / 2)),
        }
        same = [say[cause] for cause, wrong in causes.items() if found == wrong]
        difference = say["differs"].format(s=s, seed=seed, expected=expected, found=found)
        assert found == expected, difference + usual(*same)
    line = exercise.WHY_SO_MANY
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]


def scores_of_the_bug(s, seed):
    """By how many standard errors the variance of its samples is off, for each number of samples; and the variances."""
    variances = np.array([np.var(np.exp(s) * np.random.default_rng(seed).standard_normal(n)) for n in SIZES])
    return (variances - np.exp(s)) / (np.exp(s) * np.sqrt(2 / SIZES)), variances


def first_beyond_5(scores):
    return int(next((n for n, score in zip(SIZES, scores, strict=True) if score > 5), 0))


def clear_seed(rng, s):
    """One with which no score is so near to 5 that another way to compute it could change the answer."""
    seed = draw_seed(rng)
    is_clear = (np.abs(np.abs(scores_of_the_bug(s, seed)[0]) - 5) > 0.1).all()
    return seed if is_clear else clear_seed(rng, s)


# --- the zoo: ops of one array, right and wrong -----------------------------------------------------------------------


def exp_times(factor, scale=1.0):
    """scale * exp(x), with a gradient that is wrong by a factor."""

    def op(x):
        y = scale * np.exp(x)
        return y, (lambda g: factor * g * y,)

    op.__name__ = SAY["ops"]["exp_times"].format(scale=scale, factor=factor)
    return op


def constant(x):
    return np.ones(3), (lambda g: np.zeros(x.shape),)


def constant_with_nan(x):
    return np.ones(3), (lambda g: np.full(x.shape, np.nan),)


def softmax(x):
    y = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
    return y, (lambda g: y * (g - (g * y).sum(axis=-1, keepdims=True)),)


def dead_softmax(x):
    return softmax(x)[0], (lambda g: np.zeros(x.shape),)


def moved_right(x):
    return x.transpose(1, 2, 0), (lambda g: g.transpose(2, 0, 1),)


def moved_on(x):
    return x.transpose(1, 2, 0), (lambda g: g.transpose(1, 2, 0),)


def reversed_once(x):
    return x[::-1], (lambda g: g,)


def reversed_twice(x):
    return x[::-1], (lambda g: g[::-1],)


def row_major(x):
    return x.reshape(2, 4), (lambda g: g.reshape(x.shape),)


def column_major(x):
    return x.reshape(2, 4), (lambda g: g.reshape(x.shape, order="F"),)


def averaged(x):
    return np.exp(x), (lambda g: g.mean() * np.exp(x),)


def mixing(change):
    """Each output depends on each input; the gradient is changed by a mistake."""

    def op(x):
        weights = np.cos(np.arange(x.size * 4).reshape(4, x.size))
        y = np.tanh(weights @ x.ravel())
        return y, (lambda g: change((weights.T @ (g * (1 - y * y))).reshape(x.shape)),)

    op.__name__ = SAY["ops"]["mixing"].format(change=SAY["ops"][change.__name__])
    return op


def unchanged(gradient):
    return gradient


def last_too_large(gradient):
    gradient.flat[-1] += np.abs(gradient).max()
    return gradient


def first_too_large(gradient):
    gradient.flat[0] += np.abs(gradient).max()
    return gradient


def turned(gradient):
    return np.roll(gradient, 1)


def with_nan(gradient):
    gradient.flat[1] = np.nan
    return gradient


def off_by(mean, variance):
    """A sampler whose samples have moments that are off by just so many standard errors."""

    def sample(mu, log_var, eps):
        n, var = np.size(eps), np.exp(np.mean(log_var))
        standard = (eps - np.mean(eps)) / np.std(eps)
        return mu + mean * np.sqrt(var / n) + np.sqrt(var * (1 + variance * np.sqrt(2 / n))) * standard

    return sample


# --- what the tests share ---------------------------------------------------------------------------------------------


def ask(rng, cases, question):
    """The answers to a question about each case, asked in an order that is drawn, given in that of the cases."""
    answers = {place: question(cases[place]) for place in rng.permutation(len(cases))}
    return [answers[place] for place in range(len(cases))]


def told_apart(exercise, rng, cases, dtype=np.float64):
    """Right ops below 1e-6, wrong ones above 1e-3 (NaN is not below anything).

    A case is an op, the shape of its x, and why it passes if it is wrong (a text, or what gives one); None if right.
    """
    say, seed = SAY["check"], draw_seed(rng)
    drawn = [rng.standard_normal(shape).astype(dtype) for _, shape, _ in cases]
    errors = ask(rng, range(len(cases)), lambda place: relative_error(exercise, cases[place][0], drawn[place], seed))
    for (op, _, cause), x, found in zip(cases, drawn, errors, strict=True):
        if cause is None and not found < 1e-6:
            why = usual(why_not_right(op, x, seed, found))
            raise AssertionError(say["right"].format(op=title(op), found=found) + why)
        if cause is not None and found < 1e-3:
            why = usual(cause() if callable(cause) else cause)
            raise AssertionError(say["wrong"].format(op=title(op), found=found) + why)


def why_not_right(op, x, seed, found):
    """A cause that gives such an error of a right op, if one is known."""
    say = SAY["check"]
    if math.isclose(found, by_rows(op, x, seed), rel_tol=0.01):
        return say["rows"]
    if x.dtype == np.float32 and 2e-4 < found < 0.3:
        return say["digits"]
    if found < 1e-6 * np.abs(right_gradient(op, x, seed)).max():
        return say["absolute"]
    return say["coarse"] if found < 1e-2 else ""


def right_gradient(op, x, seed):
    """Of a right op: its vjp of the cotangent that check is to draw."""
    value, vjps = op(x.astype(np.float64))
    return vjps[0](np.random.default_rng(seed).standard_normal(value.shape))


def by_rows(op, x, seed, factor=1.0):
    """What comes of a right op, its gradient times a factor, if whole rows of x are nudged instead of its elements."""
    right = right_gradient(op, x, seed)
    rows = right.sum(axis=tuple(range(1, x.ndim)), keepdims=True) + 0 * right
    return np.abs(factor * right - rows).max() / max(np.abs(factor * right).max(), np.abs(rows).max())


def check_what_sample_receives(exercise, seed, mu=0.3, log_var=-2.0, n=200):
    """Three arrays of n numbers, and the noise of the seed."""
    heard = []

    def sample(mu, log_var, eps):
        heard.append((mu, log_var, eps))
        return off_by(0, 0)(mu, log_var, eps)

    exercise.sample_moments_match(sample, mu, log_var, seed, n)
    noise = np.random.default_rng(seed).standard_normal(n)
    for inputs in heard:
        for name, found, expected in zip(("mu", "log_var", "eps"), inputs, (mu, log_var, noise), strict=True):
            form = SAY["moments"]["form"].format(name=name, shape=np.shape(found), n=n)
            assert np.shape(found) == (n,), form
            other = usual(SAY["moments"]["other_noise" if name == "eps" else "other_number"])
            numbers = SAY["moments"]["numbers"].format(name=name, found=found[0], expected=np.ravel(expected)[0])
            assert np.allclose(found, expected, rtol=0, atol=1e-12), numbers + other


def watched(op, seen):
    """The op, noting the cotangents that its vjp is called with."""

    def noting(x):
        value, vjps = op(x)

        def noting_vjp(g):
            seen.append(np.array(g))
            return vjps[0](g)

        return value, (noting_vjp,)

    noting.__name__ = op.__name__
    return noting


def relative_error(exercise, op, x, seed):
    found, say = exercise.check(op, x, seed), SAY["check"]
    is_truth = isinstance(found, (bool, np.bool_))
    is_number = isinstance(found, (int, float, np.integer, np.floating)) and not is_truth
    hint = usual(say["verdict"] if is_truth else "")
    assert is_number, say["no_number"].format(op=title(op), found=f"{found!r:.60}") + hint
    return float(found)


def check_kinks(exercise, rng, cases):
    """Each function with its kink moved to another place near 0, and x with it."""

    def is_kink(f, x, direction):
        at = rng.integers(-40, 41, len(x)) / 4096
        return exercise.is_kink(lambda x: f(x - at), np.array(x) + at, np.array(direction))

    answers = ask(rng, cases, lambda case: is_kink(*case[1:4]))
    for (name, _, _, _, expected, cause), found in zip(cases, answers, strict=True):
        what = WHAT["is_kink"].format(name=SAY["kinks"].get(name, name))
        truth(what, found, expected, SAY["is_kink"][cause])


def truth(what, found, expected, cause):
    is_truth = isinstance(found, (bool, np.bool_))
    assert is_truth, EXPECTED["no_truth"].format(what=what, found=f"{found!r:.60}")
    assert found == expected, EXPECTED["truth"].format(what=what, expected=expected, found=bool(found)) + usual(cause)


def moment_cause(moment, off, expected):
    say = SAY["moments"]
    if off == 0:
        return say["refuses"]
    if off < 0 and not expected:  # as far off upwards was refused, or that would have been told first
        return say["no_abs"]
    return say[f"narrow_{moment}" if expected else f"wide_{moment}"]


def draw_seed(rng):
    return int(rng.integers(2**31))


def title(op):
    return SAY["ops"].get(op.__name__, op.__name__)


def usual(cause="", *_):
    return EXPECTED["cause"].format(cause=cause) if cause else ""


def sketch(array):
    array = np.asarray(array)
    return WHAT["sketch"].format(shape=array.shape, numbers=" ".join(f"{number:.4g}" for number in array.ravel()[:3]))
