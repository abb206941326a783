"""The public checks of exercise 22. Ten points. What they say stands in messages.toml.

All sizes are different, so that two that are swapped cannot fit by chance; only `every_guess` is also asked about a
square one. Right values come by another way than the lesson's: one-hot columns side by side, sums in long form.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, check_op, compare, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT = SAY["what"]


def pair(what, result):
    """Two arrays, or a word about what came."""
    is_pair = isinstance(result, (tuple, list)) and len(result) == 2
    assert is_pair, SAY["form"]["two"].format(what=what, found=kind(result))
    return result


def side_by_side(x, labels, classes):
    """x, and the one-hot label beside it."""
    return np.concatenate([x, np.eye(classes)[labels]], axis=1)


@pytest.mark.points(1, "build")
def test_labelled_linear(exercise, rng):
    check_labelled(exercise, rng, lambda n, classes: rng.permutation(classes)[:n], with_value=True)


@pytest.mark.points(1, "build")
def test_labelled_linear_with_labels_that_repeat(exercise, rng):
    check_labelled(exercise, rng, lambda n, classes: rng.integers(0, 2, n) * (classes - 1), with_value=False)


def check_labelled(exercise, rng, draw, with_value):
    say = SAY["labelled"]
    for n, d, h, classes in rng.permutation([(5, 3, 2, 11), (6, 2, 5, 7), (2, 7, 3, 5)]).tolist():
        labels = draw(n, classes)
        x, W, V, g = (rng.standard_normal(shape) for shape in ((n, d), (d, h), (classes, h), (n, h)))
        beside = side_by_side(x, labels, classes)
        right = beside @ np.concatenate([W, V])
        both = beside.T @ g
        last = V.copy() * 0
        last[labels] = g
        of_value = {
            say["no_label"]: x @ W,
            say["number"]: x @ W + labels[:, None] * V.sum(axis=0),
            say["first"]: x @ W + V[0],
            say["shape"]: "shape raises",
        }
        gradients = {
            "x": (g @ W.T, {say["no_g"]: np.ones_like(g) @ W.T}),
            "W": (both[:d], {say["averaged"]: both[:d] / n}),
            "V": (both[d:], {say["last"]: last, say["averaged"]: both[d:] / n, say["rows"]: g, say["shape"]: "shape"}),
        }
        what = WHAT["labelled"].format(n=n, classes=classes)
        value = right if with_value else None
        check_op(what, exercise.labelled_linear, (x, labels, W, V), value, g, gradients, of_value)


def costs_and_prior(rng):
    """Small costs and large ones, with priors that are not uniform."""
    for n, classes, size in rng.permutation([(5, 3, 1), (2, 7, 30), (7, 4, 3000)]).tolist():
        costs = size * rng.uniform(1, 2) + 2 * rng.standard_normal((n, classes))
        prior = rng.uniform(0.2, 3, classes)
        yield costs, prior / prior.sum()


@pytest.mark.points(1, "build")
def test_by_bayes(exercise, rng):
    say = SAY["bayes"]
    for costs, prior in costs_and_prior(rng):
        smallest = costs.min(axis=1)[:, None]
        mass = np.exp(smallest - costs) * prior
        right, total = mass / mass.sum(axis=1)[:, None], smallest[:, 0] - np.log(mass.sum(axis=1))
        flat = np.exp(smallest - costs)
        wrong_way = np.exp(costs - costs.max(axis=1)[:, None]) * prior
        of_posterior = {
            say["no_prior"]: flat / flat.sum(axis=1)[:, None],
            say["sign"]: wrong_way / wrong_way.sum(axis=1)[:, None],
            say["not_normalised"]: mass,
            say["hard"]: np.eye(len(prior))[mass.argmax(axis=1)],
            say["columns"]: mass / mass.sum(axis=0),
            say["overflow"]: "infinite",
        }
        of_total = {
            say["likelihood"]: -total,
            say["smallest"]: smallest[:, 0],
            say["mean"]: (right * costs).sum(axis=1),
            say["average"]: (costs * prior).sum(axis=1),
            say["no_prior"]: smallest[:, 0] - np.log(flat.sum(axis=1)),
            say["overflow"]: "infinite",
            say["shape"]: "shape",
        }
        what = WHAT["bayes"].format(shape=costs.shape)
        found = pair(what, call(what, exercise.by_bayes, costs, prior, mistakes=of_posterior))
        compare(WHAT["posterior"].format(what=what), found[0], right, of_posterior)
        compare(WHAT["total"].format(what=what), found[1], total, of_total)


@pytest.mark.points(1, "build")
def test_unlabelled_cost(exercise, rng):
    for arguments in unlabelled_cases(rng, 0):
        check_op(WHAT["unlabelled"], exercise.unlabelled_cost, *arguments)


@pytest.mark.points(1, "build")
def test_unlabelled_cost_vjps(exercise, rng):
    for inputs, value, g, gradients, mistakes in unlabelled_cases(rng, 800):
        what, op = WHAT["unlabelled"], exercise.unlabelled_cost
        check_op(what, op, inputs, value, g, gradients, mistakes, (np.float64,))


def unlabelled_cases(rng, shift):
    """Logits far from 0 with `shift`: there a softmax without a shift breaks; the value is left out."""
    say = SAY["unlabelled"]
    for n, classes in rng.permutation([(5, 3), (2, 7), (11, 4)]).tolist():
        costs, logits, g = rng.uniform(1, 9, (n, classes)), rng.standard_normal((n, classes)), rng.standard_normal(n)
        q = np.exp(logits) / np.exp(logits).sum(axis=1)[:, None]
        expected, entropy = (q * costs).sum(axis=1), -(q * np.log(q)).sum(axis=1)
        column, right = g[:, None], expected - entropy
        of_value = {
            say["no_entropy"]: expected,
            say["entropy_sign"]: expected + entropy,
            say["uniform"]: costs.mean(axis=1),
            say["sum"]: costs.sum(axis=1),
            say["hard"]: costs[np.arange(n), q.argmax(axis=1)],
            say["shape"]: "shape",
        }
        to_costs = {say["no_g"]: q, say["one"]: column + 0 * q}
        through_q = column * q * (costs - expected[:, None])
        to_logits = {
            say["no_mean"]: column * q * (costs + np.log(q)),
            say["of_q"]: column * (costs + np.log(q) + 1),
            say["only_costs"]: through_q,
            say["no_g"]: q * (costs + np.log(q) - right[:, None]),
            say["sign"]: -column * q * (costs + np.log(q) - right[:, None]),
            say["overflow"]: "infinite",
        }
        slopes = column * q * (costs + np.log(q) - right[:, None])
        gradients = {"costs": (column * q, to_costs), "logits": (slopes, to_logits)}
        if shift:  # a constant in the logits changes nothing
            yield (costs, logits + shift), None, g, gradients, {say["overflow"]: "infinite"}
        else:
            only_value: dict = {"costs": (None, {}), "logits": (None, {})}
            yield (costs, logits), right, g, only_value, of_value


@pytest.mark.points(1, "build")
def test_in_its_style(exercise, rng):
    say = SAY["style"]
    for d, latent in rng.permutation([(7, 3), (5, 2), (13, 4)]).tolist():
        see, of_label, draw, drawn_label = (
            rng.standard_normal(shape) for shape in ((d, latent), (10, latent), (latent, d), (10, d))
        )
        encode = lambda x, y, see=see, of_label=of_label: (x @ see + of_label[y], x @ see - 3)
        decode = lambda z, y, draw=draw, drawn_label=drawn_label: np.tanh(z @ draw + drawn_label[y])
        picture, label, every = rng.standard_normal(d), int(rng.integers(0, 10)), np.arange(10)
        ten, named = np.tile(picture, (10, 1)), np.full(10, label)
        mu, log_var = encode(ten, named)
        mistakes = {
            say["every_label"]: decode(encode(ten, every)[0], every),
            say["one_digit"]: decode(mu, named),
            say["log_var"]: decode(log_var, every),
            say["prior"]: decode(0 * mu, every),
            say["shape"]: "shape raises",
        }
        what = WHAT["style"].format(label=label)
        found = call(what, exercise.in_its_style, picture, label, encode, decode, mistakes=mistakes)
        compare(what, found, decode(mu, every), mistakes)


@pytest.mark.points(1, "debug")
def test_on_request(exercise, rng):
    say = SAY["request"]
    for n, d, h, latent, k in rng.permutation([(7, 5, 4, 3, 11), (3, 11, 5, 2, 7)]).tolist():
        sizes = {
            "W": (d, h),
            "V": (k, h),
            "M": (h, latent),
            "S": (h, latent),
            "A": (latent, h),
            "B": (k, h),
            "L": (h, d),
        }
        parts = {name: rng.standard_normal(shape) for name, shape in sizes.items()}
        x, labels = rng.integers(0, 2, (n, d)) * 1.0, rng.integers(1, k, n)
        eps = rng.standard_normal((n, latent))
        what = WHAT["request"].format(n=n, k=k)
        right = terms_of(x, labels, labels, eps, parts)
        of_picture = {
            say["as_it_was"]: terms_of(x, labels, 0 * labels, eps, parts)[0],
            say["pixels"]: right[0] / d,
            say["no_encoder"]: terms_of(x, 0 * labels, labels, eps, parts)[0],
            say["encoder_rows"]: terms_of(x, labels, labels, eps, {**parts, "B": parts["V"]})[0],
        }
        found = pair(what, call(what, exercise.on_request, x, labels, eps, parts))
        compare(WHAT["reconstruction"].format(what=what), found[0], right[0], of_picture)
        compare(WHAT["kl"].format(what=what), found[1], right[1], {say["kl"]: right[1] / latent})


def terms_of(x, seen, asked, eps, parts):
    """Both terms, with one label for the encoder and one for the decoder, by one-hot columns."""
    hidden = np.tanh(side_by_side(x, seen, len(parts["V"])) @ np.concatenate([parts["W"], parts["V"]]))
    mu, std = hidden @ parts["M"], np.sqrt(np.exp(hidden @ parts["S"]))
    beside = side_by_side(mu + std * eps, asked, len(parts["B"]))
    logits = np.tanh(beside @ np.concatenate([parts["A"], parts["B"]])) @ parts["L"]
    surprise = np.log1p(np.exp((1 - 2 * x) * logits)).sum(axis=1)
    return surprise.mean(), (mu**2 + std**2 - 1 - 2 * np.log(std)).sum(axis=1).mean() / 2


@pytest.mark.points(1, "debug")
def test_every_guess(exercise, rng):
    say = SAY["guess"]
    for n, k in rng.permutation([(5, 5), (3, 7), (11, 2)]).tolist():
        x, table = rng.standard_normal((n, 3)), rng.standard_normal((k, 3))
        cost = lambda pictures, labels, table=table: (pictures * table[labels]).sum(axis=1) + labels**2
        right = x @ table.T + np.arange(k) ** 2
        drawn = cost(np.repeat(x, k, axis=0), np.repeat(np.arange(k), n)).reshape(n, k)
        both = cost(np.tile(x, (k, 1)), np.tile(np.arange(k), n)).reshape(n, k)
        mistakes = {
            say["as_it_was"]: drawn,
            say["both"]: both,
            say["reshaped"]: right.T.reshape(n, k),
            say["shape"]: "shape raises",
        }
        what = WHAT["guess"].format(n=n, k=k)
        compare(what, call(what, exercise.every_guess, cost, x, k, mistakes=mistakes), right, mistakes)


def two_clouds(rng, across):
    """400 points of 2 classes in clouds 6 apart. The classes are the clouds, or lie across both of them."""
    cloud, side = rng.integers(0, 2, (2, 400))
    x = np.stack([6 * cloud - 3, 0 * cloud], axis=1) + rng.standard_normal((400, 2))
    if across:
        x[:, 1] = np.abs(x[:, 1]) * (2 * side - 1)
        return x, side
    return x, cloud


@pytest.mark.points(1, "experiment")
def test_few_labels(exercise, rng):
    say = SAY["few"]
    for n, d, k in rng.permutation([(40, 2, 3), (31, 5, 2), (50, 3, 4)]).tolist():
        centres = 1.5 * rng.standard_normal((k, d))
        y = np.concatenate([np.arange(k), rng.integers(0, k, n - k)])
        x = centres[y] + rng.standard_normal((n, d))
        labels = np.where(np.arange(n) < k + 3, y, -1)
        shuffled = rng.permutation(n)
        x, labels = x[shuffled], labels[shuffled]
        for rounds in (0, 3):
            means, chosen = moved(x, labels, k, rounds)
            of_means = {
                say["labels_lost"]: moved(x, labels, k, rounds, keep=False)[0],
                say["hard"]: moved(x, labels, k, rounds, hard=True)[0],
                say["no_unlabelled"]: moved(x, labels, k, 0)[0],
                say["one_more"]: moved(x, labels, k, rounds + 1)[0],
                say["shape"]: "shape raises",
            }
            what = WHAT["few"].format(rounds=rounds)
            found = pair(what, call(what, exercise.few_labels, x, labels, k, rounds, mistakes=of_means))
            compare(WHAT["means"].format(what=what), found[0], means, of_means)
            compare(WHAT["chosen"].format(what=what), found[1], chosen, any_dtype=True)


@pytest.mark.points(1, "experiment")
def test_when_the_others_help(exercise, rng):
    say = SAY["help"]
    for across in rng.permutation([True, False]).tolist():
        x, y = two_clouds(rng, across)
        labels = np.full(400, -1)
        for label in (0, 1):
            labels[rng.permutation(np.flatnonzero(y == label))[0]] = label
        what = WHAT["help"]
        expected = moved(x, labels, 2, 20)[1]
        _, chosen = pair(what, call(what, exercise.few_labels, x, labels, 2, 20))
        compare(what, chosen, expected, any_dtype=True)
    words = len(exercise.WHEN_IT_HELPS.split())
    assert words >= 8, say["no_line"]


def moved(x, labels, k, rounds, keep=True, hard=False):
    """The means by loops, with and without two mistakes; and the nearest for each point."""
    means = np.array([x[labels == label].mean(axis=0) for label in range(k)])
    for _ in range(rounds):
        log_mass = x @ means.T - (means**2).sum(axis=1) / 2
        mass = np.exp(log_mass - log_mass.max(axis=1)[:, None])
        mass = (mass == 1) * 1.0 if hard else mass
        shares = mass / mass.sum(axis=1)[:, None]
        if keep:
            shares[labels >= 0] = np.eye(k)[labels[labels >= 0]]
        means = np.array([np.average(x, axis=0, weights=shares[:, label]) for label in range(k)])
    distances = np.array([((x - mean) ** 2).sum(axis=1) for mean in means])
    return means, distances.argmin(axis=0)
