"""The public checks of exercise 4. Ten points.

Checks are checked by what they let pass: each test hands over right cases and wrong ones, and wants both told apart.
"""

import math

import numpy as np
import pytest

# --- check: right ops must come out below 1e-6, wrong ones above 1e-3 -------------------------------------------------


@pytest.mark.points(1)
def test_check_gives_the_relative_error(exercise, rng):
    x, seed = rng.standard_normal((2, 3)), draw_seed(rng)
    right = np.abs(np.random.default_rng(seed).standard_normal((2, 3)) * np.exp(x)).max()
    for factor, expected in ((1.0, 0.0), (2.0, 0.5), (0.5, 0.5), (0.0, 1.0), (-1.0, 2.0), (1.0001, 1e-4)):
        found = relative_error(exercise, exp_times(factor), x, seed)
        causes = {
            ROWS: by_rows(exp_times(1.0), x, seed, factor),
            "it is not divided by the size of the gradient": abs(factor - 1) * right,
            "it is measured beside the slopes alone; take the larger of slopes and gradient": abs(factor - 1),
            "sizes are compared, not the gradients: signs are lost": abs(abs(factor) - 1) / max(abs(factor), 1),
            COARSE: found if factor == 1 and 1e-6 < found < 1e-2 else -1.0,
        }
        cause = next(
            (name for name, wrong in causes.items() if math.isclose(found, wrong, rel_tol=0.01, abs_tol=1e-6)), ""
        )
        assert math.isclose(found, expected, rel_tol=0.01, abs_tol=1e-6), (
            f"check of exp, its gradient times {factor:g}: expected {expected:g}, found {found:.3g}{usual(cause)}"
        )
    found = relative_error(exercise, constant, x, seed)
    assert found == 0, (
        f"check of a constant, whose gradient is rightly 0: expected 0.0, found {found}"
        + usual("0 divided by 0" if math.isnan(found) else "")
    )  # fmt: skip


@pytest.mark.points(1)
def test_check_is_not_fooled_by_moved_or_averaged_cotangents(exercise, rng):
    seen: list = []
    right = [(mixing(unchanged), (2, 3)), (moved_right, (2, 2, 2))]
    wrong = [(dead_softmax, (2, 3)), (moved_on, (2, 2, 2)), (reversed_once, (5,)), (column_major, (4, 2))]
    right, wrong = ([(watched(op, seen), shape) for op, shape in ops] for ops in (right, [*wrong, (averaged, (2, 3))]))

    def cause():
        if any(np.ptp(cotangent) == 0 for cotangent in seen):
            return "the cotangent is all ones. Sums do not see what was moved or averaged: draw it at random"
        return "only a part of the gradient is compared, or its sum, or its length"

    told_apart(exercise, rng, right, wrong, cause)


@pytest.mark.points(1)
def test_check_takes_differences_in_float64(exercise, rng):
    told_apart(exercise, rng, [(exp_times(1.0), (2, 3)), (mixing(unchanged), (2, 3))], [], "", np.float32)
    told_apart(exercise, rng, [], [(exp_times(1.01), (2, 3))], "an error of 1 % passes: a tolerance?", np.float32)


@pytest.mark.points(1)
def test_check_measures_small_gradients_as_strictly(exercise, rng):
    shape = (2, 3)
    for scale in (1e-9, 1e-5, 1e6):
        cause = f"{ABSOLUTE}; these gradients are about {scale:g}"
        told_apart(exercise, rng, [(exp_times(1.0, scale), shape)], [(exp_times(0.0, scale), shape)], cause)
        told_apart(exercise, rng, [], [(exp_times(2.0, scale), shape)], "only zeros are noticed")
        told_apart(exercise, rng, [], [(exp_times(-1.0, scale), shape)], "sizes are compared: signs are lost")


@pytest.mark.points(1)
def test_check_looks_at_every_element(exercise, rng):
    for change, cause in (
        (last_too_large, "not all elements are compared, or only their mean"),
        (first_too_large, "not all elements are compared, or only their mean"),
        (turned, "only sums or lengths are compared: here each element is right, but in the wrong place"),
        (with_nan, "every comparison with NaN is False, and Python's max loses it: ask np.isfinite(gradient).all()"),
    ):
        right, wrong = [(mixing(unchanged), (2, 3))], [(mixing(change), (2, 3))]
        told_apart(exercise, rng, right, wrong, cause)


# --- is_kink ----------------------------------------------------------------------------------------------------------


@pytest.mark.points(1)
def test_is_kink_finds_kinks_of_any_size(exercise, rng):
    w = rng.uniform(1, 2, 3)
    cases = {
        "relu at 0": (lambda x: float(np.maximum(x, 0).sum()), [0.0], [1.0], True, ""),
        "|x| at 0, along -1": (lambda x: float(np.abs(x).sum()), [0.0], [-1.0], True, ""),
        "max of a tie": (lambda x: float(x.max()), [2.0, 1.0, 2.0], [1.0, 0.0, 0.0], True, "the direction is ignored"),
        "1e-9 |x| at 0": (
            lambda x: float(1e-9 * np.abs(x).sum()), [0.0], [1.0], True, "a fixed threshold: the gap is 2e-9 here"),
        "1000 + |x| at 0": (
            lambda x: float(1000 + np.abs(x).sum()), [0.0], [1.0], True, "a threshold for rounding that is too wide"),
        "weighted |x|, one element at 0": (
            lambda x: float((w * np.abs(x)).sum()), [0.5, 0.0, -0.7], [0.6, 0.8, 0.0], True, ""),
        "-|x| at 0": (lambda x: -float(np.abs(x).sum()), [0.0], [1.0], True, NEGATIVE),
        "1000 - |x| at 0": (lambda x: float(1000 - np.abs(x).sum()), [0.0], [1.0], True, NEGATIVE),
        "exp at 0": (lambda x: float(np.exp(x).sum()), [0.0], [1.0], False, SMOOTH),
    }  # fmt: skip
    check_kinks(exercise, cases)


@pytest.mark.points(1)
def test_is_kink_is_not_fooled_by_curvature_rounding_or_distance(exercise, rng):
    w, away = rng.uniform(1, 2, 3), "the step is so long that it reaches a kink 0.01 away"
    rounding = "two gaps that are both rounding: demand that the gap is larger than 1e-16 of f, divided by h"
    bumps = lambda x: float(np.abs(x[0]) + x[1] ** 2)
    cases = {
        "|x| at 0": (lambda x: float(np.abs(x).sum()), [0.0], [1.0], True, "a kink is not seen at all"),
        "exp at 0.5": (lambda x: float(np.exp(x).sum()), [0.5], [1.0], False, SMOOTH),
        "1000 x² at 0": (lambda x: float(1000 * (x * x).sum()), [0.0], [1.0], False, SMOOTH),
        "linear, 1": (lambda x: float(w @ x), [0.3, -0.2, 0.9], [0.6, 0.8, 0.0], False, rounding),
        "linear, 2": (lambda x: float(w @ x + 100), [0.1, 0.7, 0.4], [0.0, 0.6, 0.8], False, rounding),
        "linear, 3": (lambda x: float(w @ x / 3), [1.1, 0.2, -0.3], [0.8, 0.0, 0.6], False, rounding),
        "constant": (lambda x: 5.0, [0.3], [1.0], False, "0 is compared with 0"),
        "relu at 0.01": (lambda x: float(np.maximum(x, 0).sum()), [0.01], [1.0], False, away),
        "|x0| + x1², along x1": (bumps, [0.0, 0.7], [0.0, 1.0], False, "the direction is ignored"),
        "|x0| + x1², along x0": (bumps, [0.0, 0.7], [1.0, 0.0], True, "the direction is ignored"),
    }
    check_kinks(exercise, cases)


# --- sample_moments_match ---------------------------------------------------------------------------------------------


@pytest.mark.points(1)
def test_moments_within_four_standard_errors(exercise, rng):
    """Samples are made so that their moments are off by known numbers of standard errors: no luck is involved."""
    for mu, log_var, n in ((0.3, 0.0, 10_000), (-1.2, -2.0, 10_000), (5.0, 1.5, 2_000)):
        for off_mean, off_variance in ((0, 0), (3, 0), (-3, 0), (0, 3), (0, -3), (5, 0), (-5, 0), (0, 5), (0, -5)):
            found = exercise.sample_moments_match(off_by(off_mean, off_variance), mu, log_var, draw_seed(rng), n)
            expected = max(abs(off_mean), abs(off_variance)) < 4
            moment, off = ("variance", off_variance) if off_variance else ("mean", off_mean)
            cause = moment_cause(moment, off, expected)
            what = f"sample_moments_match, n = {n}, log_var = {log_var:g}, the {moment} {off} standard errors off"
            truth(what, found, expected, cause)
    for off_mean, off_variance, expected in ((4.3, 3, False), (-3.9, -3, True), (0, 4.5, False), (0, -3.5, True)):
        found = exercise.sample_moments_match(off_by(off_mean, off_variance), 0.3, -2.0, draw_seed(rng), 200)
        what = f"sample_moments_match, n = 200, mean and variance {off_mean} and {off_variance} standard errors off"
        truth(
            what, found, expected, "a standard error from the samples' own std or variance: take what log_var promises"
        )
    check_what_sample_receives(exercise, draw_seed(rng))


@pytest.mark.points(1)
def test_moments_find_wrong_samplers(exercise, rng):
    truth("sample_moments_match of a right sampler", exercise.sample_moments_match(off_by(0, 0), 0.3, -2.0, 1), True,
          "is exp(log_var) the variance, and not the std?")  # fmt: skip
    wrong = {
        "std = exp(log_var), the famous bug": lambda mu, log_var, eps: mu + np.exp(log_var) * eps,
        "the mean forgotten": lambda mu, log_var, eps: np.exp(log_var / 2) * eps,
        "the noise forgotten": lambda mu, log_var, eps: mu + 0 * eps,
        "std = 1": lambda mu, log_var, eps: mu + eps,
        "std = exp(-log_var / 2)": lambda mu, log_var, eps: mu + np.exp(-log_var / 2) * eps,
        "std = 1.1 exp(log_var / 2)": lambda mu, log_var, eps: mu + 1.1 * np.exp(log_var / 2) * eps,
        "mean 0.1 std too large": lambda mu, log_var, eps: mu + np.exp(log_var / 2) * (eps + 0.1),
    }
    for log_var in (-2.0, 1.5):
        for name, sampler in wrong.items():
            found = exercise.sample_moments_match(sampler, 0.7, log_var, draw_seed(rng))
            variance = "the variance is not looked at, read as exp(2 log_var), or its threshold is too wide or fixed"
            cause = "the mean is not looked at, or its threshold is too wide or fixed" if "mean" in name else variance
            truth(f"sample_moments_match of a sampler with {name}, at log_var = {log_var:g}", found, False, cause)


# --- lying_softmax ----------------------------------------------------------------------------------------------------


@pytest.mark.points(1)
def test_lying_softmax(exercise, rng):
    x = rng.standard_normal((2, 5))
    y, (right,) = softmax(x)
    result = exercise.lying_softmax(x)
    form = "lying_softmax: expected a pair, the value and a tuple of one vjp: return y, (vjp,)"
    assert isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], tuple) and len(result[1]) == 1, form
    value, (vjp,) = result
    assert callable(vjp), f"{form}; found {vjp!r:.60} in place of the vjp"
    assert np.shape(value) == y.shape and np.allclose(value, y), (
        f"lying_softmax: expected the right value, {sketch(y)}, found {sketch(value)}. Only backward lies here. "
        "Usual cause: a sum over all elements and not over the last axis, or e^x without its sum"
    )
    cotangents = rng.standard_normal((8, *y.shape))
    for_ones, for_random = vjp(np.ones(y.shape)), [vjp(g) for g in cotangents]
    strange = [found for found in (for_ones, *for_random) if np.shape(found) != x.shape or not np.isfinite(found).all()]
    assert not strange, f"lying_softmax: expected a finite vjp of shape {x.shape}, found {strange[0]!r:.80}"
    assert np.abs(for_ones).max() < 1e-12, (
        "lying_softmax: a check with ones notices: the right vjp of ones is 0, since each row of y has the sum 1; "
        f"found {sketch(for_ones)}. Usual cause: the lie changes the factor of g, or drops a term; both terms must "
        "still cancel where g is the same along the row"
    )
    off = [np.abs(found - right(g)).max() / np.abs(right(g)).max() for found, g in zip(for_random, cotangents)]
    assert max(off) > 0.1, (
        f"lying_softmax: for 8 random g it is at most {max(off):.1g} of the gradient off; expected more than 0.1. "
        "Usual cause: that is the truth"
    )
    assert any(map(np.any, for_random)), (
        "lying_softmax: expected a vjp that is not zero everywhere for a random g, found only zeros. "
        "Zero is the lesson's lie: find your own"
    )


# --- the zoo: ops of one array, right and wrong -----------------------------------------------------------------------


def exp_times(factor, scale=1.0):
    """scale * exp(x), with a gradient that is wrong by a factor."""

    def op(x):
        y = scale * np.exp(x)
        return y, (lambda g: factor * g * y,)

    op.__name__ = f"{scale:g} exp, its gradient times {factor:g}"
    return op


def constant(x):
    return np.ones(3), (lambda g: np.zeros(x.shape),)


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

    op.__name__ = f"a layer, its gradient {change.__name__.replace('_', ' ')}"
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

COARSE = "forward differences, or a step that is much too small: central ones with 1e-5 leave about 1e-10"
ROWS = "x[i] of a 2-D x is a row: use np.ndindex(x.shape), which goes through all its elements"
DIGITS = "differences in float32 have no more than three or four digits: begin with x.astype(np.float64)"
ABSOLUTE = "an absolute measure, or a tolerance added to the scale"
OTHER_NOISE = "other noise than that of np.random.default_rng(seed): no run could be repeated"
OTHER_NUMBER = "a number of your own in place of the one that was asked about"
NEGATIVE = "the gap can be negative: take its absolute value"
SMOOTH = "the gap of one step is held against a threshold; where f is smooth it falls with h, so compare two steps"


def told_apart(exercise, rng, right, wrong, cause, dtype=np.float64):
    """Right ops below 1e-6, wrong ones above 1e-3 (NaN is not below anything).

    `cause`: why a wrong one passes, a text, or what gives one.
    """
    seed = draw_seed(rng)
    for op, shape in right:
        x = rng.standard_normal(shape).astype(dtype)
        found = relative_error(exercise, op, x, seed)
        if not found < 1e-6:
            hint = usual(why_not_right(op, x, seed, found))
            raise AssertionError(f"check of {title(op)}, which is right: expected below 1e-6, found {found:.2g}{hint}")
    for op, shape in wrong:
        found = relative_error(exercise, op, rng.standard_normal(shape).astype(dtype), seed)
        why = usual(cause() if callable(cause) else cause)
        assert not found < 1e-3, f"check of {title(op)}, which is wrong: expected above 1e-3, found {found:.2g}{why}"


def why_not_right(op, x, seed, found):
    """A cause that gives such an error of a right op, if one is known."""
    if math.isclose(found, by_rows(op, x, seed), rel_tol=0.01):
        return ROWS
    if x.dtype == np.float32 and 2e-4 < found < 0.3:
        return DIGITS
    if found < 1e-6 * np.abs(right_gradient(op, x, seed)).max():
        return ABSOLUTE
    return COARSE if found < 1e-2 else ""


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
            assert np.shape(found) == (n,), (
                f"sample_moments_match: sample was given {name} of shape {np.shape(found)}, expected three arrays of "
                f"n = {n} numbers. Usual cause: the number itself in place of np.full(n, {name})"
            )
            assert np.allclose(found, expected, rtol=0, atol=1e-12), (
                f"sample_moments_match: sample was given {name} = {found[0]:.4g}, ..., expected "
                f"{np.ravel(expected)[0]:.4g}, ...{usual(OTHER_NOISE if name == 'eps' else OTHER_NUMBER)}"
            )


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
    found = exercise.check(op, x, seed)
    is_number = isinstance(found, (int, float, np.integer, np.floating)) and not isinstance(found, (bool, np.bool_))
    hint = usual("the verdict in place of the error: return the number" if isinstance(found, (bool, np.bool_)) else "")
    assert is_number, f"check of {title(op)}: expected a float, the relative error, found {found!r:.60}{hint}"
    return float(found)


def check_kinks(exercise, cases):
    for name, (f, x, direction, expected, cause) in cases.items():
        truth(f"is_kink of {name}", exercise.is_kink(f, np.array(x), np.array(direction)), expected, cause)


def truth(what, found, expected, cause):
    assert isinstance(found, (bool, np.bool_)), f"{what}: expected True or False, found {found!r:.60}"
    assert found == expected, f"{what}: expected {expected}, found {bool(found)}{usual(cause)}"


def moment_cause(moment, off, expected):
    if off == 0:
        return "it refuses moments that are exactly right: is exp(log_var) the variance, and not the std?"
    if expected:
        narrow = (
            "SE(variance) without its √2" if moment == "variance" else "2 or 3 standard errors, where 4 were asked for"
        )
        return f"the threshold is too narrow: {narrow}, or a fixed tolerance"
    if moment == "mean":
        return "std in place of std / √n, a fixed tolerance, or the mean is not looked at"
    return "SE(variance) is too wide: is √n there? Or a fixed tolerance, or the variance is not looked at"


def draw_seed(rng):
    return int(rng.integers(2**31))


def title(op):
    return op.__name__.replace("_", " ")


def usual(cause):
    return f". Usual cause: {cause}" if cause else ""


def sketch(array):
    array = np.asarray(array)
    return f"shape {array.shape} [{' '.join(f'{number:.4g}' for number in array.ravel()[:3])} ...]"
