"""The public checks of the course's project. Ten points; ten more are for the report. Texts: messages.toml.

What trains, trains on clothes (Fashion-MNIST, 14 x 14) and on spots, 12 x 16, that are drawn anew each time. The tests
measure by themselves, and ask only `encode` and `decode`. Pictures come from minae, and cross as arrays:
the exercise sees NumPy alone.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, compare, differs, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
LIKELIHOODS = ("coins", "grey", "bell")
LEARNED, NEW = 700, 500  # pictures
# By how many nats the bound of pictures that are new must lie above ln p(x) of the rival.
GAIN = {"coins": 15, "clothes": 15, "spots": 40}


# --- what the model is asked to explain -------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_prepare(exercise, rng):
    """Greys of all kinds, black and white more often than others."""
    say, seed = SAY["prepare"], int(rng.integers(2**31))
    numbers = rng.choice([0, 255, *range(256)], (int(rng.integers(150, 200)), 131), p=[0.2, 0.1, *[0.7 / 256] * 256])
    x = np.float32(numbers / 255)
    found = {}
    for likelihood in rng.permutation(LIKELIHOODS).tolist():
        what = say["what"].format(likelihood=likelihood)
        array = np.asarray(call(what, exercise.prepare, x, likelihood, seed))
        assert array.shape == x.shape, differs(what, x.shape, array.shape)
        assert array.dtype == np.float32, say["dtype"].format(what=what, found=array.dtype)
        found[likelihood] = array
    assert np.array_equal(found["grey"], x), say["grey"]
    check_coins(say, found["coins"], x)
    check_spread(say, found["bell"], numbers)
    for likelihood in ("coins", "bell"):
        what = say["what"].format(likelihood=likelihood)
        again, other = (np.asarray(exercise.prepare(x, likelihood, one)) for one in (seed, [seed, 1]))
        assert np.array_equal(again, found[likelihood]), say["again"].format(what=what)
        assert not np.array_equal(other, found[likelihood]), say["seed"].format(what=what)


def check_coins(say, tosses, x):
    assert set(np.unique(tosses)) <= {0, 1}, say["no_coins"]
    sure = (x == 0) | (x == 1)
    assert np.array_equal(tosses[sure], x[sure]), say["sure"]
    for some in (~sure & (x < 0.5), ~sure & (x > 0.5)):
        off = np.sum(tosses[some] - x[some]) / np.sqrt(np.sum(x[some] * (1 - x[some])))
        assert abs(off) < 5, say["threshold"]
    check_independent((tosses - x) / np.sqrt(np.where(sure, 1, x * (1 - x))), say["shared"].format(likelihood="coins"))


def check_spread(say, spread, numbers):
    """Where each grey lies within its own part."""
    places = 256 * spread.astype(float) - numbers
    assert not np.allclose(places, 0, atol=0.01), say["still"]
    assert np.all((places > -1e-4) & (places < 1 + 1e-4)), say["part"]
    scaled = (places - 0.5) * np.sqrt(12)  # of mean 0 and variance 1; the variance of its square is 0.8
    assert abs(scaled.sum()) < 5 * np.sqrt(scaled.size), say["evenly"]
    assert abs(np.sum(scaled**2 - 1)) < 5 * np.sqrt(0.8 * scaled.size), say["evenly"]
    check_independent(scaled, say["shared"].format(likelihood="bell"))


def check_independent(noise, cause):
    """Noise with mean 0, variance 1 at most: its sums along rows and along columns vary as sums of independent ones."""
    for axis in (0, 1):
        sums = noise.sum(axis=axis) / np.sqrt(np.sum(noise**2, axis=axis).clip(1e-9))
        assert np.mean(sums**2) < 1 + 8 * np.sqrt(2 / len(sums)), cause


# --- the model --------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_network(exercise, rng):
    say = SAY["network"]
    for sizes in rng.permutation(np.array([(11, 7, 5, 3), (3, 5, 7, 13), (6, 9, 4, 6)])).tolist():
        layers, x, g = draw_layers(rng, sizes), rng.standard_normal((8, sizes[0])), rng.standard_normal((8, sizes[-1]))
        what, value = say["what"].format(sizes=tuple(sizes)), dense_of(layers, x)
        mistakes = {
            say["relu_last"]: np.maximum(value, 0),
            say["relu_first"]: dense_of(layers, np.maximum(x, 0)),
            say["no_relu"]: dense_of(layers, x, bend=False),
        }
        found, vjp = things(what, call(what, exercise.network, layers, x), 2)
        compare(say["value"].format(what=what), found, value, mistakes)
        gradient, slopes = things(say["vjp"].format(what=what), call(what, vjp, g), 2)
        *of_layers, of_x = nudged(lambda layers=layers, x=x, g=g: np.sum(dense_of(layers, x) * g), [*flat(layers), x])
        compare_loosely(say["gradient"].format(what=what), gradient, of_x, {})
        check_slopes(what, slopes, layers, [({}, right) for right in of_layers])
    small = [tuple(array.astype(np.float32) for array in one) for one in layers]
    value, vjp = exercise.network(small, x.astype(np.float32))
    gradient, slopes = vjp(g.astype(np.float32))
    dtypes = {np.asarray(array).dtype.name for array in (value, gradient, *flat(slopes))}
    assert dtypes == {"float32"}, say["dtype"].format(found=", ".join(sorted(dtypes)))


@pytest.mark.points(1, "build")
def test_negative_elbo(exercise, rng):
    """Both terms, and every slope, for each likelihood; of the bell with one variance, and with one for each number."""
    say = SAY["elbo"]
    cases = [("coins", 1), ("grey", 1), ("bell", 1), ("bell", 7)]
    for number in rng.permutation(len(cases)):
        likelihood, variances = cases[number]
        vae = (draw_layers(rng, (7, 5, 4)), draw_layers(rng, (2, 6, 7)), rng.uniform(-2, 1, variances))
        x, eps = draw_pictures(rng, likelihood, (9, 7)), rng.standard_normal((9, 2))
        what = say["what"].format(likelihood=likelihood, variances=variances)
        reconstruction, kl = terms_of(vae, x, eps, likelihood)
        found = things(what, call(what, exercise.negative_elbo, vae, x, eps, likelihood), 3)
        of_pixels = {
            say["pixels"]: reconstruction / 7,
            say["batch"]: reconstruction * 9,
            say["std"]: terms_of(vae, x, eps, likelihood, power=1)[0],
            say["no_noise"]: terms_of(vae, x, 0 * eps, likelihood)[0],
            say["swapped"]: kl,
            say["constant"]: reconstruction - 7 * np.log(2 * np.pi) / 2,
            say["halves"]: terms_of(vae, x, eps, likelihood, turned=True)[0],
        }
        of_codes = {say["latents"]: kl / 2, say["batch"]: kl * 9, say["per_picture"]: "shape"}
        compare(say["reconstruction"].format(what=what), found[0], reconstruction, of_pixels)
        compare(say["kl"].format(what=what), found[1], kl, of_codes)
        check_slopes_of_vae(what, found[2], vae, x, eps, likelihood)


def check_slopes_of_vae(what, slopes, vae, x, eps, likelihood):
    say, arrays = SAY["elbo"], [*flat(vae[0]), *flat(vae[1]), vae[2]]
    of_pixels, of_codes = (
        nudged(lambda which=which: terms_of(vae, x, eps, likelihood)[which], arrays) for which in (0, 1)
    )
    expected = [
        (
            {
                say["first_alone"]: first,
                say["second_alone"]: second,
                say["sum_of_kl"]: first + len(x) * second,
                say["mean_of_kl"]: first + second / eps.shape[1],
                say["sum_slopes"]: len(x) * (first + second),
                say["minus"]: first - second,
            }
            if np.any(second)
            else {},
            first + second,
        )
        for first, second in zip(of_pixels, of_codes)
    ]
    encoder, decoder, log_var = things(say["slopes"].format(what=what), slopes, 3)
    middle = 2 * len(vae[0])
    check_slopes(say["encoder"].format(what=what), encoder, vae[0], expected[:middle])
    check_slopes(say["decoder"].format(what=what), decoder, vae[1], expected[middle:-1])
    compare_loosely(say["log_var"].format(what=what), np.asarray(log_var), expected[-1][1], {})


def draw_pictures(rng, likelihood, shape):
    if likelihood == "coins":
        return rng.integers(0, 2, shape).astype(float)
    return rng.uniform(0, 1, shape)


def terms_of(vae, x, eps, likelihood, power=0.5, turned=False):
    """Reconstruction and KL, as they should be; `power` of the variance is what the noise is multiplied by."""
    encoder, decoder, noise = vae
    mu, log_var = np.split(dense_of(encoder, x), 2, axis=1)[:: -1 if turned else 1]
    output = dense_of(decoder, mu + np.exp(power * log_var) * eps)
    kl = np.sum(mu**2 + np.exp(log_var) - 1 - log_var, axis=1) / 2
    return -log_p_right(x, output, noise, likelihood).mean(), kl.mean()


def log_p_right(x, output, noise, likelihood):
    """ln p(x|z) of each picture; `noise` is the logarithm of the bell's variance."""
    if likelihood == "bell":
        return -0.5 * np.sum((x - output) ** 2 * np.exp(-noise) + noise + np.log(2 * np.pi), axis=-1)
    return np.sum(np.where(x > 0, -x * np.logaddexp(0, -output), 0) - (1 - x) * np.logaddexp(0, output), axis=-1)


def draw_layers(rng, sizes):
    """Small enough that rounding does not count beside a nudge."""
    return [(rng.standard_normal((n, m)) / np.sqrt(m), rng.standard_normal(n)) for m, n in pairwise(sizes)]


def dense_of(layers, x, bend=True):
    for number, (weight, bias) in enumerate(layers):
        x = (np.maximum(x, 0) if number and bend else x) @ weight.T + bias
    return x


def flat(layers):
    return [array for one in layers for array in one]


def things(what, found, count):
    """A tuple or list of so many."""
    fits = isinstance(found, (tuple, list)) and len(found) == count
    assert fits, SAY["form"]["things"].format(what=what, count=count, found=kind(found))
    return found


def check_slopes(what, slopes, layers, expected):
    """Pairs of slopes. `expected` has for each of them the mistakes, and what is right."""
    say = SAY["slopes"]
    is_form = isinstance(slopes, (tuple, list)) and all(isinstance(one, (tuple, list)) for one in slopes)
    assert is_form and [len(one) for one in slopes] == [2] * len(layers), say["pairs"].format(what=what)
    found, backwards = flat(slopes), flat(list(slopes)[::-1])
    shapes = [right.shape for _, right in expected]
    in_order = [np.shape(array) for array in found] == shapes
    is_backwards = not in_order and [np.shape(array) for array in backwards] == shapes
    assert not is_backwards, say["backwards"].format(what=what)
    for number, (array, (mistakes, right)) in enumerate(zip(found, expected)):
        name = say[("weight", "bias")[number % 2]].format(what=what, number=number // 2)
        compare_loosely(name, array, right, mistakes)


def compare_loosely(what, found, right, mistakes):
    """Nudging is right to 1e-7 or so; `compare` asks for more. What is near enough counts as the same."""
    near = lambda wrong: np.shape(found) == wrong.shape and np.allclose(found, wrong, atol=1e-6)
    same = {cause: np.asarray(found) for cause, wrong in mistakes.items() if near(wrong)}
    compare(what, right if near(right) else found, right, same)


def nudged(value: Callable, arrays, h=1e-6):
    """The slope in every number of each array."""
    slopes = []
    for array in arrays:
        slope = np.empty_like(array)
        for index in np.ndindex(array.shape):
            kept, sides = array[index], []
            for place in (kept + h, kept - h):
                array[index] = place
                sides.append(value())
            array[index], slope[index] = kept, (sides[0] - sides[1]) / (2 * h)
        slopes.append(slope)
    return slopes


# --- how good is it? --------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_log_likelihood(exercise, rng):
    """With all constants; for logits that are far away, too."""
    say = SAY["likelihood"]
    cases = [("coins", 1), ("grey", 1), ("bell", 1), ("bell", 11)]
    for number in rng.permutation(len(cases)):
        likelihood, variances = cases[number]
        x, output = draw_pictures(rng, likelihood, (8, 11)), 2 * rng.standard_normal((8, 11))
        noise = rng.uniform(-3, 1, variances)
        what = say["what"].format(likelihood=likelihood, variances=variances)
        right = log_p_right(x, output, noise, likelihood)
        mistakes = {
            say["minus"]: -right,
            say["mean"]: right / 11,
            say["pictures"]: right.mean(),
            say["constant"]: right + 11 * np.log(2 * np.pi) / 2,
            say["no_log_var"]: right + np.sum(np.broadcast_to(noise, 11)) / 2,
            say["one_log_var"]: right + np.sum(np.broadcast_to(noise, 11) - noise.mean() / 11) / 2,
            say["std"]: log_p_right(x, output, 2 * noise, likelihood),
        }
        found = call(what, exercise.log_likelihood, x, output, noise, likelihood)
        compare(what, found, right, mistakes if likelihood == "bell" else dict(list(mistakes.items())[:3]))
    far = rng.choice([-1000.0, 1000.0], (6, 11))
    x = draw_pictures(rng, "coins", far.shape)
    found = call(say["far"], exercise.log_likelihood, x, far, noise, "coins", mistakes={say["overflow"]: "infinite"})
    compare(say["far"], found, log_p_right(x, far, noise, "coins"), {say["overflow"]: "infinite"})


@pytest.mark.points(1, "build")
def test_log_weights(exercise, rng):
    """The codes are watched on their way to the decoder, so each weight is known exactly."""
    say, k, n, latent = SAY["weights"], 5, int(rng.integers(400, 500)), 3
    mu, log_var = 2 * rng.standard_normal((n, latent)), rng.uniform(-3, 0.5, (n, latent))
    log_p, codes, seed = 30 * rng.standard_normal((k, n)), [], int(rng.integers(2**31))

    def log_p_x_given(z):
        codes.append(np.array(z))
        return log_p[(len(codes) - 1) % k]

    found = np.asarray(call(say["what"], exercise.log_weights, mu, log_var, log_p_x_given, k, seed))
    assert [code.shape for code in codes] == [(n, latent)] * k, say["calls"].format(
        k=k, shape=(n, latent), found=[code.shape for code in codes]
    )
    z, std = np.array(codes), np.exp(log_var / 2)
    eps = (z - mu) / std
    check_codes(say, eps, (z - mu) / std**2)
    prior, posterior = -np.sum(z**2, axis=2) / 2, -np.sum(eps**2 + log_var, axis=2) / 2
    constant, width = latent * np.log(2 * np.pi) / 2, np.sum(log_var, axis=1) / 2
    right = log_p + prior - posterior
    mistakes = {
        say["no_prior"]: log_p - posterior + constant,
        say["no_posterior"]: log_p + prior - constant,
        say["posterior_added"]: log_p + prior + posterior - 2 * constant,
        say["no_width"]: right - width,
        say["whole_width"]: right + width,
        say["one_constant"]: right - constant,
        say["kl"]: log_p - np.sum(mu**2 + std**2 - 1 - log_var, axis=1) / 2,
        say["form"].format(k=k, n=n): "shape",
    }
    compare(say["what"], found, right, mistakes)
    other = np.asarray(exercise.log_weights(mu, log_var, lambda z: np.zeros(len(z)), k, seed + 1))
    assert not np.allclose(other, right - log_p), say["seed"]


def check_codes(say, eps, too_narrow):
    """The noise in the codes is N(0, 1), and each number of it is drawn by itself."""
    for axis, shared in enumerate(("every_sample", "pictures", "numbers")):
        first, second = np.moveaxis(eps, axis, 0)[:2]
        assert not np.allclose(first, second), say[shared]
    off = lambda noise: abs(np.mean(noise**2) - 1) > 5 * np.sqrt(2 / noise.size)
    assert not (off(eps) and not off(too_narrow)), say["std"]
    assert not off(eps) and abs(eps.sum()) < 5 * np.sqrt(eps.size), say["noise"]


@pytest.mark.points(1, "build")
def test_bounds_and_difference(exercise, rng):
    """Bounds of each picture, near 0 and far away; the error of a difference in which most of the noise is shared."""
    say = SAY["bounds"]
    for middle in rng.permutation([-1.0, -90.0, -3000.0]).tolist():
        k, n = int(rng.integers(5, 9)), int(rng.integers(11, 19))
        weights = middle + 2 * rng.standard_normal((k, n))
        what = say["what"].format(middle=middle)
        mistakes = {say["overflow"]: "infinite"}
        found = things(what, call(what, exercise.bounds, weights, mistakes=mistakes), 2)
        large = np.logaddexp.reduce(weights, axis=0)
        first = {say["one_row"]: weights[0], say["pictures"]: "shape"}
        mistakes |= {say["sum"]: large, say["best"]: weights.max(axis=0), say["pictures"]: "shape"}
        compare(say["one"].format(what=what), found[0], weights.mean(axis=0), first)
        compare(say["many"].format(what=what), found[1], large - np.log(k), mistakes)
    say = SAY["difference"]
    shared = 40 * rng.standard_normal(97)
    ours, theirs = (shared + mean + rng.standard_normal(97) for mean in rng.uniform(-90, -80, 2))
    gain = ours - theirs
    right = gain.std(ddof=1) / np.sqrt(97)
    mistakes = {
        say["std"]: gain.std(ddof=1),
        say["apart"]: np.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / 97),
        say["n"]: gain.var(ddof=1) / 97,
    }
    found = things(say["what"], call(say["what"], exercise.difference, ours, theirs), 2)
    compare(say["mean"], found[0], gain.mean(), {say["turned"]: -gain.mean(), say["each"]: "shape"})
    without = np.isclose(found[1], gain.std() / np.sqrt(97))  # divided by n, not by n - 1: that is as good
    compare(say["error"], right if without else found[1], right, mistakes)


@pytest.mark.points(1, "build")
def test_active_units(exercise, rng):
    """Silent numbers of many kinds: some are far from 0, and some do move, but too little."""
    say = SAY["active"]
    for count, silent, barely in rng.permutation([(3, 4, 1), (6, 2, 3), (1, 1, 5)]).tolist():
        moving = rng.standard_normal((83, count)) * rng.uniform(0.2, 1.5, count)
        still = rng.uniform(-3, 3, silent) + 0.01 * rng.standard_normal((83, silent))
        nearly = 0.05 * rng.standard_normal((83, barely))
        mu = rng.permutation(np.concatenate([moving, still, nearly], axis=1), axis=1)
        what = say["what"].format(units=mu.shape[1])
        mistakes = {
            say["std"]: np.array(np.sum(mu.std(axis=0) > 0.01)),
            say["squares"]: np.array(np.sum(np.mean(mu**2, axis=0) > 0.01)),
            say["pictures"]: np.array(np.sum(mu.var(axis=1) > 0.01)),
            say["which"]: "shape",
        }
        found = call(what, exercise.active_units, mu)
        compare(what, found, np.array(count), mistakes, any_dtype=True)


@pytest.mark.points(1, "build")
def test_ppca(exercise, rng):
    """Of more pictures than numbers, and of fewer."""
    say = SAY["ppca"]
    for size, k, n in rng.permutation([(6, 2, 40), (9, 4, 60), (30, 3, 20)]).tolist():
        scales, turned = 1.5 ** -np.arange(size), np.linalg.qr(rng.standard_normal((size, size)))[0]
        learned, new = (np.float32(rng.standard_normal((m, size)) * scales @ turned + 0.5) for m in (n, 17))
        what = say["what"].format(size=size, k=k, n=n)
        fitted = fit_right(learned, k)
        mean, directions, variances, noise = fitted
        along = (directions * (variances - noise)) @ directions.T
        right = gauss(new, mean, along + noise * np.eye(size))
        mistakes = {
            say["minus"]: -right,
            say["all_left"]: with_noise(new, fitted, noise * (size - k)),
            say["over_all"]: with_noise(new, fitted, noise * (size - k) / size),
            say["twice"]: gauss(new, mean, along + noise * (np.eye(size) + directions @ directions.T)),
            say["fitted_to_new"]: gauss_right(new, k, new),
            say["other_k"]: gauss_right(learned, k + 1, new),
            say["constant"]: right + size * np.log(2 * np.pi) / 2,
            say["pictures"]: right.mean(),
            say["unbiased"]: gauss(new, mean, (along + noise * np.eye(size)) * n / (n - 1)),
        }
        found = call(what, exercise.ppca, learned, k, new)
        compare(what, found, right, mistakes)


def fit_right(learned, k):
    """The mean, the k directions as columns, their variances, and the variance of all others."""
    learned = learned.astype(float)
    mean = learned.mean(axis=0)
    _, sizes, rows = np.linalg.svd(learned - mean, full_matrices=False)
    variances = sizes**2 / len(learned)
    return mean, rows[:k].T, variances[:k], variances[k:].sum() / (learned.shape[1] - k)


def gauss(x, mean, covariance):
    """ln of a Gaussian's density at each row."""
    off = x.astype(float) - mean
    squares = np.sum(off * np.linalg.solve(covariance, off.T).T, axis=1)
    return -(squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)) / 2


def with_noise(x, fitted, wrong):
    """With another noise. The variances along the components stay as they were found."""
    mean, directions, variances, _ = fitted
    left = np.eye(len(mean)) - directions @ directions.T
    return gauss(x, mean, (directions * variances) @ directions.T + wrong * left)


def gauss_right(learned, k, new):
    mean, directions, variances, noise = fit_right(learned, k)
    return gauss(new, mean, (directions * (variances - noise)) @ directions.T + noise * np.eye(len(mean)))


# --- training ---------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "train")
@pytest.mark.seconds(60)
def test_coins(exercise, rng):
    """Clothes in black and white. The rival has no code: each number is a coin of its own."""
    learned, new = clothes(rng)
    tosses = prepared(new, "coins", rng)
    share = np.clip(learned.mean(axis=0), 0.002, 0.998)
    rival = np.where(tosses > 0, np.log(share), np.log(1 - share)).sum(axis=1)
    check_trained(exercise, rng, learned, tosses, "coins", "coins", rival, int(rng.integers(4, 8)))


@pytest.mark.points(1, "train")
@pytest.mark.seconds(60)
def test_bells(exercise, rng):
    """Clothes and spots in grey. The rival is PPCA with as many numbers, whose ln p(x) is exact."""
    for name in rng.permutation(["clothes", "spots"]).tolist():
        learned, new = PICTURES[name](rng)
        spread, latent = prepared(new, "bell", rng), int(rng.integers(4, 7))
        rival = gauss_right(prepared(learned, "bell", rng), latent, spread)
        check_trained(exercise, rng, learned, spread, "bell", name, rival, latent)


def check_trained(exercise, rng, learned, new, likelihood, name, rival, latent):
    """The bound of pictures that are new must lie far above ln p(x) of the rival."""
    say = SAY["train"]
    trained = exercise.train(learned, likelihood, latent, int(rng.integers(2**31)))
    mu, log_var = coded(exercise, rng, trained, new, latent)
    reconstruction = np.zeros(len(new))
    for _ in range(3):
        z = mu + np.exp(log_var / 2) * rng.standard_normal(mu.shape)
        output, noise = decoded(exercise, trained, z, new)
        reconstruction -= log_p_right(new, output, noise, likelihood) / 3
    kl = np.sum(mu**2 + np.exp(log_var) - 1 - log_var, axis=1) / 2
    gain = float(np.mean(-reconstruction - kl - rival))
    active = int(np.sum(mu.var(axis=0) > 0.01))
    cause = say["nearly"]
    if active == 0:
        cause = say["silent"]
    elif kl.mean() > 30 * latent:
        cause = say["dear"]
    elif gain < 0:
        cause = say["worse"]
    values = {"reconstruction": reconstruction.mean(), "kl": kl.mean(), "rival": -rival.mean(), "gain": gain}
    told = say["gain"].format(what=say[name], wanted=GAIN[name], active=active, latent=latent, **values)
    assert gain >= GAIN[name], told + cause


def coded(exercise, rng, trained, new, latent):
    """mu and log_var. A code says what its own picture was, whatever pictures came with it."""
    say, shape = SAY["train"], (len(new), latent)
    codes = [np.asarray(one, float) for one in things(say["encode"], exercise.encode(trained, new), 2)]
    for one in codes:
        assert one.shape == shape, differs(say["encode"], shape, one.shape)
        assert np.isfinite(one).all() and np.all(np.abs(one) < 1e4), say["finite"]
    some = rng.permutation(len(new))[:50]
    alone = exercise.encode(trained, new[some])
    alike = [np.allclose(one[some], np.asarray(other), atol=1e-2) for one, other in zip(codes, alone)]
    assert all(alike), say["of_others"]
    return codes


def decoded(exercise, trained, z, new):
    say = SAY["train"]
    output, noise = things(say["decode"], exercise.decode(trained, z.astype(np.float32)), 2)
    output, noise = np.asarray(output, float), np.asarray(noise, float)
    assert output.shape == new.shape, differs(say["decode"], new.shape, output.shape)
    assert noise.shape in ((1,), new.shape[1:]), say["noise"].format(found=noise.shape)
    assert np.isfinite(output).all() and np.isfinite(noise).all(), say["finite"]
    return output, noise


def prepared(x, likelihood, rng):
    if likelihood == "coins":
        return np.float32(rng.random(x.shape) < x)
    return np.float32((np.round(255 * x) + rng.random(x.shape)) / 256)


def clothes(rng):
    pictures = all_clothes()
    order = rng.permutation(len(pictures))
    return pictures[order[:LEARNED]], pictures[order[LEARNED:][:NEW]]


@cache
def all_clothes():
    """14 x 14, of 256 greys."""
    from minae.data import fashion_mnist

    small = fashion_mnist("test")[0][:, 0].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
    return np.float32(np.round(255 * small) / 255).reshape(-1, 196)


def spots(rng):
    """A round spot somewhere in 12 x 16, of any size and grey, on a ground that is not quite black."""
    y, x = np.mgrid[:12, :16]
    place = lambda low, high: rng.uniform(low, high, (LEARNED + NEW, 1, 1))
    far = np.hypot(y - place(2, 10), x - place(2, 14))
    spot = np.clip(place(2, 4) - far + 0.5, 0, 1) * place(0.4, 1)
    noisy = np.clip(spot + 0.05 * rng.standard_normal(spot.shape), 0, 1)
    pictures = np.float32(np.round(255 * noisy) / 255).reshape(len(noisy), -1)
    return pictures[:LEARNED], pictures[LEARNED:]


PICTURES = {"clothes": clothes, "spots": spots}
