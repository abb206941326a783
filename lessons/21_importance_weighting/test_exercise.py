"""The public checks of exercise 21. Ten points. What they say stands in messages.toml.

All is judged in small worlds of one hidden number, away from log_var = 0, with gradients that are known by hand.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, check_op, compare, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


def world(rng):
    """A bent world: x is c z² + d z with noise; ln p(x, z) without its constant, and its slope."""
    c, d, x, var = rng.uniform(0.3, 0.8), rng.uniform(-0.5, 0.5), rng.uniform(0.5, 1.5), rng.uniform(0.3, 0.8)
    misses = lambda z: x - c * z**2 - d * z
    return (
        lambda z: -(z**2) / 2 - misses(z) ** 2 / (2 * var),
        lambda z: -z + misses(z) * (2 * c * z + d) / var,
    )


def bell_at(rng):
    return float(rng.uniform(-1, 1)), float(rng.choice([-1.0, 1.0]) * rng.uniform(0.4, 1.2))


def merit(a):
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


def ln_w(log_joint, mu, log_var, eps):
    return log_joint(mu + np.sqrt(np.exp(log_var)) * eps) + 0.5 * eps**2 + 0.5 * (log_var + np.log(2 * np.pi))


def two(what, result):
    is_pair = isinstance(result, (tuple, list)) and len(result) == 2
    assert is_pair, FORM["two"].format(what=what, found=kind(result))
    return result


def number(what, found):
    is_number = isinstance(found, (int, float, np.floating, np.ndarray)) and np.ndim(found) == 0
    assert is_number and np.isfinite(found), FORM["number"].format(what=what, found=kind(found))
    return float(found)


@pytest.mark.points(1, "build")
def test_log_weights(exercise, rng):
    say = SAY["weights"]
    for k, n in shuffled(rng, [(5, 7), (1, 3), (11, 2)]):
        (log_joint, _), (mu, log_var), eps = world(rng), bell_at(rng), rng.standard_normal((k, n))
        std = np.sqrt(np.exp(log_var))
        right = ln_w(log_joint, mu, log_var, eps)
        joint = log_joint(mu + std * eps)
        mistakes = {
            say["famous"]: log_joint(mu + std**2 * eps) + right - joint,
            say["constant"]: right - np.log(2 * np.pi) / 2,
            say["no_width"]: right - log_var / 2,
            say["no_half"]: right + log_var / 2,
            say["turned"]: right - log_var,
            say["joint"]: joint,
            say["sign"]: 2 * joint - right,
            say["at_eps"]: log_joint(eps) + right - joint,
            say["shape"]: "shape",
        }
        compare(
            WHAT["weights"].format(k=k, n=n), call("log_weights", exercise.log_weights, log_joint, mu, log_var, eps),
            right, mistakes,
        )  # fmt: skip


@pytest.mark.points(2, "build")
def test_importance_bound(exercise, rng):
    say = SAY["bound"]
    for k, n, shift in shuffled(rng, [(5, 7, -3.0), (1, 3, 40.0), (11, 2, 0.0), (7, 5, -2000.0), (3, 4, 2000.0)]):
        a, g = 2 * rng.standard_normal((k, n)) + shift * rng.uniform(0.5, 1, n), rng.standard_normal(n)
        peak, v = a.max(axis=0), merit(a)
        right = np.log(np.exp(a - peak).sum(axis=0)) + peak - np.log(k)
        of_value = {
            say["no_k"]: right + np.log(k),
            say["elbo"]: a.mean(axis=0),
            say["best"]: peak,
            say["weighted"]: (v * a).sum(axis=0),
            say["worst"]: (merit(-a) * a).sum(axis=0),
            say["minus"]: -right,
            say["overflow"]: "infinite",
            say["shape"]: "shape",
        }
        of_a = {
            say["equal"]: g * np.ones((k, n)) / k,
            say["worst"]: g * merit(-a),
            say["no_g"]: v,
            say["by_k"]: g * v / k,
            say["squared"]: g * v**2,
            say["winner"]: g * (a == peak),
            say["overflow"]: "infinite",
        }
        check_op(
            WHAT["bound"].format(k=k, n=n), exercise.importance_bound, (a,), right, g, {"log_weights": (g * v, of_a)},
            of_value, (np.float64,),
        )  # fmt: skip


def case_of_slopes(rng, k):
    (log_joint, slope), (mu, log_var), eps = (
        world(rng),
        bell_at(rng),
        rng.standard_normal((k, int(rng.integers(5, 12)))),
    )
    std = np.sqrt(np.exp(log_var))
    return (log_joint, slope, mu, log_var, eps), std, merit(ln_w(log_joint, mu, log_var, eps)), slope(mu + std * eps)


@pytest.mark.points(1, "build")
def test_standard_slopes(exercise, rng):
    say = SAY["standard"]
    for k in shuffled(rng, [1, 3, 7]):
        inputs, std, v, at = case_of_slopes(rng, k)
        eps, what = inputs[4], WHAT["standard"].format(k=k)
        g = at + eps / std
        pair = two(what, call(what, exercise.standard_slopes, *inputs))
        of_mu = {
            say["equal"]: at.mean(axis=0),
            say["doubly"]: (v**2 * g).sum(axis=0),
            say["no_score"]: (v * g).sum(axis=0),
            say["mean"]: "shape",
        }
        of_log_var = {
            say["no_direct"]: (v * at * std * eps).sum(axis=0) / 2,
            say["in_std"]: (v * (at * eps + 1 / std)).sum(axis=0),
            say["no_half"]: (v * (at * std * eps + 1)).sum(axis=0),
            say["no_score"]: (v * g * std * eps).sum(axis=0) / 2,
            say["mean"]: "shape",
        }
        compare(WHAT["in_mu"].format(what=what), pair[0], (v * at).sum(axis=0), of_mu)
        right = (v * at * std * eps).sum(axis=0) / 2 + 0.5
        compare(WHAT["in_log_var"].format(what=what), pair[1], right, of_log_var)


@pytest.mark.points(2, "build")
def test_doubly_slopes(exercise, rng):
    say = SAY["doubly"]
    for k in shuffled(rng, [1, 3, 7]):
        inputs, std, v, at = case_of_slopes(rng, k)
        eps, what = inputs[4], WHAT["doubly"].format(k=k)
        g = at + eps / std
        pair = two(what, call(what, exercise.doubly_slopes, *inputs))
        for place, name, J in ((0, "in_mu", np.ones_like(eps)), (1, "in_log_var", std * eps / 2)):
            mistakes = {
                say["once"]: (v * g * J).sum(axis=0),
                say["joint_only"]: (v**2 * at * J).sum(axis=0),
                say["sign"]: (v**2 * (at - eps / std) * J).sum(axis=0),
                say["minus"]: ((v - v**2) * g * J).sum(axis=0),
                say["no_width"]: (v**2 * (at + eps) * J).sum(axis=0),
                say["no_half"]: 2 * (v**2 * g * J).sum(axis=0),
                say["mean"]: "shape",
            }
            compare(WHAT[name].format(what=what), pair[place], (v**2 * g * J).sum(axis=0), mistakes)


def climbed(rng, slope, log_joint, k, mu, log_var):
    """The same climb with many more tries: where the mean slope leads."""
    for _ in range(200):
        eps = rng.standard_normal((k, 400))
        std = np.sqrt(np.exp(log_var))
        path = merit(ln_w(log_joint, mu, log_var, eps)) ** 2 * (slope(mu + std * eps) + eps / std)
        mu = mu + 0.05 * path.sum(axis=0).mean()
        log_var = log_var + 0.05 * (path * std * eps / 2).sum(axis=0).mean()
    return mu, log_var


@pytest.mark.points(1, "build")
@pytest.mark.seconds(60)
def test_fit_bell(exercise, rng):
    say = SAY["fit"]
    for k in shuffled(rng, [1, 12]):
        m, s = rng.uniform(0.5, 0.9) * rng.choice([-1, 1]), rng.uniform(0.4, 0.6)
        log_joint, slope = (lambda z, m=m, s=s: -(((z - m) / s) ** 2) / 2), (lambda z, m=m, s=s: (m - z) / s**2)
        what, seed = WHAT["fit"].format(k=k), int(rng.integers(1_000_000))
        ask = lambda seed, k=k, what=what, inputs=(log_joint, slope): two(
            what, call(what, exercise.fit_bell, *inputs, k, 0.0, 0.0, 200, 0.05, seed)
        )
        found, again = ask(seed), ask(seed)
        expected = climbed(rng, slope, log_joint, k, 0.0, 0.0)
        for name, one, same, right in zip(("mu", "log_var"), found, again, expected, strict=True):
            one = number(what, one)
            text = say["far"].format(what=what, name=name, expected=right, found=one)
            still = abs(one) < 1e-12 or one * right < 0
            assert abs(one - right) < 0.15, text + cause_of([say["down"]] if still else [])
            assert one == float(same), say["unseeded"].format(what=what)


@pytest.mark.points(1, "debug")
def test_merits(exercise, rng):
    say = SAY["merits"]
    for k, n in shuffled(rng, [(5, 7), (3, 2), (11, 5)]):
        nats = 90 + 3 * rng.standard_normal((k, n))
        v, least, what = merit(-nats), nats.min(axis=0), WHAT["merits"].format(k=k, n=n)
        cost, counts = two(what, call(what, exercise.merits, nats))
        of_counts = {say["as_it_was"]: merit(nats), say["minus"]: -v, say["equal"]: np.full((k, n), 1 / k)}
        compare(WHAT["counts"].format(what=what), counts, v, of_counts)
        right = least - np.log(np.exp(least - nats).mean(axis=0))
        of_cost = {
            say["as_it_was_cost"]: (merit(nats) * nats).sum(axis=0),
            say["weighted"]: (v * nats).sum(axis=0),
            say["no_k"]: right - np.log(k),
            say["elbo"]: nats.mean(axis=0),
            say["bound"]: -right,
        }
        compare(WHAT["cost"].format(what=what), cost, right, of_cost)


@pytest.mark.points(1, "debug")
def test_log_likelihoods(exercise, rng):
    say = SAY["likelihoods"]
    for k, n, latent, pixels in shuffled(rng, [(5, 7, 3, 11), (3, 2, 5, 7), (4, 4, 2, 13)]):
        x, z = rng.integers(0, 2, (n, pixels)) * 1.0, rng.standard_normal((k, n, latent))
        weight = rng.standard_normal((latent, pixels))
        logits = 3 * z @ weight
        right = -np.logaddexp(0, (1 - 2 * x) * logits).sum(axis=2)
        mixed = np.repeat(x, k, axis=0).reshape(k, n, pixels)
        wrong = -np.logaddexp(0, (1 - 2 * mixed) * logits).sum(axis=2)
        what = WHAT["likelihoods"].format(k=k, n=n)
        found = call(what, exercise.log_likelihoods, x, z, lambda codes, weight=weight: 3 * codes @ weight)
        mistakes = {
            say["as_it_was"]: wrong,
            say["minus"]: -right,
            say["pixels"]: right / pixels,
            say["shape"]: "shape raises",
        }
        compare(what, found, right, mistakes)


@pytest.mark.points(1, "experiment")
@pytest.mark.seconds(60)
def test_signal_to_noise(exercise, rng):
    """Within 0.05, plus a tenth, of what 40,000 tries give. With 10,000 tries a ratio is uncertain by about 0.01."""
    say = SAY["signal"]
    for k in shuffled(rng, [1, 16]):
        m, s = rng.uniform(0.8, 1.2), rng.uniform(0.9, 1.1)
        log_joint, slope = (lambda z, m=m, s=s: -(((z - m) / s) ** 2) / 2), (lambda z, m=m, s=s: (m - z) / s**2)
        mu, log_var, seed = 0.3, float(rng.uniform(0.5, 0.7)), int(rng.integers(1_000_000))
        eps, std = rng.standard_normal((k, 40_000)), np.exp(log_var / 2)
        v, at = merit(ln_w(log_joint, mu, log_var, eps)), slope(mu + std * eps)
        tries = {"standard": (v * at).sum(axis=0), "doubly": (v**2 * (at + eps / std)).sum(axis=0)}
        what = WHAT["signal"].format(k=k)
        inputs = log_joint, slope, mu, log_var, k, 10_000, seed
        pair = two(what, call(what, exercise.signal_to_noise, *inputs))
        ratios = {name: abs(one.mean()) / one.std() for name, one in tries.items()}
        for (name, right), found in zip(ratios.items(), pair, strict=True):
            found, other = number(what, found), ratios["doubly" if name == "standard" else "standard"]
            causes = {"of_the_mean": 100 * right, "upside_down": 1 / right, "swapped": other, "sign": -right}
            limit = 0.05 + 0.1 * right
            same = [say[cause] for cause, wrong in causes.items() if abs(found - wrong) < 0.05 + 0.1 * abs(wrong)]
            text = say["differs"].format(what=what, name=say[name], expected=right, found=found)
            assert abs(found - right) < limit, text + cause_of(same)
    line = exercise.WHY_IT_FADES
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]
