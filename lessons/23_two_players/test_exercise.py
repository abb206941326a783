"""The public checks of exercise 23. Ten points. What they say stands in messages.toml.

Slopes of networks are judged by a backward pass that is written out here. What is trained, a fresh judge, is compared
with the best one, which is known for Gaussians.
"""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, check_op, compare, kind

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


def sure(logits):
    """The probability that belongs to a logit."""
    return 0.5 * (1 + np.tanh(logits / 2))


def several(what, result, count, names):
    is_right = isinstance(result, (tuple, list)) and len(result) == count
    assert is_right, FORM["several"].format(what=what, count=count, names=names, found=kind(result))
    return result


# --- the judge and the forger -----------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_best_logit(exercise, rng):
    say = SAY["best"]
    for n, d in shuffled(rng, [(7, 3), (5, 2), (11, 1), (3, 13)]):
        x, (mu, other_mu) = 2 * rng.standard_normal((n, d)), rng.standard_normal((2, d))
        log_var, other_log_var = rng.choice([-1.0, 1.0], (2, d)) * rng.uniform(0.4, 1.6, (2, d))
        x[0] += 60  # there both densities are 0 in floating point

        def log_density(mean, logs, x=x):
            return -0.5 * np.sum((x - mean) ** 2 * np.exp(-logs) + logs, axis=1)

        p, q = log_density(mu, log_var), log_density(other_mu, other_log_var)
        squares = [
            np.sum((x - mean) ** 2 * np.exp(-s), axis=1) / 2 for mean, s in ((mu, log_var), (other_mu, other_log_var))
        ]
        mistakes = {
            say["sign"]: q - p,
            say["probability"]: sure(p - q),
            say["no_width"]: squares[1] - squares[0],
            say["no_half"]: 2 * (p - q),
            say["log_std"]: log_density(mu, 2 * log_var) - log_density(other_mu, 2 * other_log_var),
            say["width_twice"]: squares[1] - squares[0] + (other_log_var - log_var).sum(),
            say["mean"]: (p - q) / d,
            say["alone"]: p,
            say["far"]: "infinite",
            say["shape"]: "shape",
        }
        what = WHAT["best"].format(n=n, d=d)
        found = call(what, exercise.best_logit, x, mu, log_var, other_mu, other_log_var, mistakes=mistakes)
        compare(what, found, p - q, mistakes)


@pytest.mark.points(2, "build")
def test_judge_loss(exercise, rng):
    say = SAY["judge"]
    for n, m, factor in shuffled(rng, [(7, 5, 1.0), (3, 11, 1.0), (1, 13, 3.0), (5, 2, 1000.0)]):
        real, made, g = factor * rng.standard_normal(n), factor * rng.standard_normal(m), float(rng.uniform(0.5, 2))
        of_real, of_made = np.logaddexp(0, -real), np.logaddexp(0, made)
        right = of_real.mean() + of_made.mean()
        mistakes = {
            say["half"]: right / 2,
            say["swapped"]: np.logaddexp(0, real).mean() + np.logaddexp(0, -made).mean(),
            say["sum"]: of_real.sum() + of_made.sum(),
            say["together"]: (of_real.sum() + of_made.sum()) / (n + m),
            say["sign"]: -right,
            say["real_only"]: of_real.mean(),
            say["both_real"]: of_real.mean() + np.logaddexp(0, -made).mean(),
            say["large"]: "infinite",
            say["shape"]: "shape",
        }
        slope, made_slope = -g * sure(-real) / n, g * sure(made) / m
        to_real = vjp_mistakes(say, g, slope, n) | {say["not_the_other"]: -g * sure(real) / n}
        to_made = vjp_mistakes(say, g, made_slope, m) | {say["not_the_other"]: g * sure(-made) / m}
        what = WHAT["judge"].format(n=n, m=m)
        gradients = {"real": (slope, to_real), "made": (made_slope, to_made)}
        check_op(what, exercise.judge_loss, (real, made), right, g, gradients, mistakes, (np.float64,))


def vjp_mistakes(say, g, right, n):
    return {
        say["vjp_sign"]: -right,
        say["vjp_no_mean"]: right * n,
        say["no_g"]: right / g,
        say["vjp_half"]: right / 2,
        say["large"]: "infinite",
    }


@pytest.mark.points(1, "build")
def test_forger_loss(exercise, rng):
    say = SAY["forger"]
    for m, factor in shuffled(rng, [(7, 1.0), (11, 3.0), (1, 1.0), (5, 1000.0)]):
        made, g = factor * rng.standard_normal(m), float(rng.uniform(0.5, 2))
        right, slope = np.logaddexp(0, -made).mean(), -g * sure(-made) / m
        mistakes = {
            say["saturating"]: -np.logaddexp(0, made).mean(),
            say["judges"]: np.logaddexp(0, made).mean(),
            say["sign"]: -right,
            say["sum"]: right * m,
            say["large"]: "infinite",
            say["shape"]: "shape",
        }
        to_made = vjp_mistakes(SAY["judge"], g, slope, m) | {say["vjp_saturating"]: -g * sure(made) / m}
        what = WHAT["forger"].format(m=m)
        check_op(what, exercise.forger_loss, (made,), right, g, {"made": (slope, to_made)}, mistakes, (np.float64,))


# --- three phases -----------------------------------------------------------------------------------------------------


def layers(rng, *sizes):
    """The weights of a dense network: [w, b, w, b, ...]."""
    pairs = itertools.pairwise(sizes)
    return [w for n, m in pairs for w in (rng.standard_normal((n, m)) / np.sqrt(n), rng.standard_normal(m) / 2)]


def forward(x, weights):
    """The output, and what each layer was given."""
    given = [x]
    for w, b in zip(weights[::2], weights[1::2], strict=True):
        h = given[-1] @ w + b
        given.append(np.maximum(h, 0.2 * h))
    return given[-2] @ weights[-2] + weights[-1], given[:-1]


def backward(g, given, weights):
    """From the slope of the output: that of the input, and those of the weights."""
    slopes: list[np.ndarray] = []
    for place in range(len(given) - 1, -1, -1):
        slopes = [given[place].T @ g, g.sum(axis=0), *slopes]
        g = g @ weights[2 * place].T
        g = g * np.where(given[place] > 0, 1, 0.2) if place else g
    return g, slopes


class Phases:
    """All slopes that three losses have in three networks."""

    def __init__(self, x, drawn, encoder, decoder, judge):
        codes, of_x = forward(x, encoder)
        logits, of_codes = forward(codes, decoder)
        to_codes, self.copying_decoder = backward((sure(logits) - x) / len(x), of_codes, decoder)
        self.copying_encoder = backward(to_codes, of_x, encoder)[1]
        real, of_drawn = forward(drawn, judge)
        made, judged = forward(codes, judge)
        from_real = backward(-sure(-real) / len(real), of_drawn, judge)[1]
        to_codes, from_made = backward(sure(made) / len(made), judged, judge)
        self.judging_judge = [a + b for a, b in zip(from_real, from_made, strict=True)]
        self.judging_encoder = backward(to_codes, of_x, encoder)[1]
        to_codes, self.deceiving_judge = backward(-sure(-made) / len(made), judged, judge)
        self.deceiving_encoder = backward(to_codes, of_x, encoder)[1]
        to_codes, _ = backward(-sure(made) / len(made), judged, judge)
        self.saturating_encoder = backward(to_codes, of_x, encoder)[1]
        self.swapped_judge = [-a for a in self.judging_judge]


def plus(*lists):
    return [sum(arrays) for arrays in zip(*lists, strict=True)]


def times(factor, arrays):
    return [factor * array for array in arrays]


def check_slopes(what, found, expected, mistakes):
    """Arrays like the weights; a mistake must give all of them."""
    several(what, found, len(expected), FORM["like_weights"])
    found = [np.asarray(array) if array is not None else array for array in found]
    assert not any(array is None for array in found), FORM["none"].format(what=what)
    flat = lambda arrays: np.concatenate([np.ravel(array) for array in arrays])
    shapes = [array.shape for array in expected]
    assert [array.shape for array in found] == shapes, FORM["shapes"].format(
        what=what, expected=shapes, found=[array.shape for array in found]
    )
    compare(what, flat(found), flat(expected), {cause: flat(wrong) for cause, wrong in mistakes.items()})


def three_of(exercise, rng):
    """Two cases: what was found, the right slopes, and the sizes."""
    for n, m, pixels, latent, hidden in shuffled(rng, [(7, 5, 11, 2, 3), (3, 13, 5, 3, 7)]):
        x, drawn = rng.uniform(0, 1, (n, pixels)), 2 * rng.standard_normal((m, latent))
        encoder, decoder = layers(rng, pixels, hidden, latent), layers(rng, latent, hidden + 1, pixels)
        judge = layers(rng, latent, hidden + 2, 5, 1)
        what = WHAT["three"].format(n=n, m=m)
        found = call(what, exercise.three_gradients, x, drawn, encoder, decoder, judge)
        several(what, found, 3, FORM["three"])
        yield what, found, Phases(x, drawn, encoder, decoder, judge), (n, pixels)


@pytest.mark.points(1, "build")
def test_copying_moves_encoder_and_decoder(exercise, rng):
    say = SAY["three"]
    for what, (found, _, _), right, (n, pixels) in three_of(exercise, rng):
        encoder, decoder = right.copying_encoder, right.copying_decoder
        mistakes = {
            say["swapped_order"]: [*decoder, *encoder],
            say["sum"]: times(n, [*encoder, *decoder]),
            say["pixels"]: times(1 / pixels, [*encoder, *decoder]),
            say["cut"]: [*times(0, encoder), *decoder],
            say["two_masters"]: [*plus(encoder, right.deceiving_encoder), *decoder],
            say["all"]: [*plus(encoder, right.deceiving_encoder, right.judging_encoder), *decoder],
            say["encoder_of_judge"]: [*plus(encoder, right.judging_encoder), *decoder],
        }
        check_slopes(WHAT["copying"].format(what=what), found, [*encoder, *decoder], mistakes)


@pytest.mark.points(1, "build")
def test_judging_moves_the_judge(exercise, rng):
    say = SAY["three"]
    for what, (_, found, _), right, (_n, _) in three_of(exercise, rng):
        own = right.judging_judge
        mistakes = {
            say["judge_leftover"]: plus(own, right.deceiving_judge),
            say["judge_half"]: times(0.5, own),
            say["judge_sign"]: times(-1, own),
            say["judge_zero"]: times(0, own),
            say["judge_deceives"]: right.deceiving_judge,
        }
        check_slopes(WHAT["judging"].format(what=what), found, own, mistakes)


@pytest.mark.points(1, "build")
def test_deceiving_moves_the_encoder(exercise, rng):
    say = SAY["three"]
    for what, (_, _, found), right, (_n, _) in three_of(exercise, rng):
        own = right.deceiving_encoder
        mistakes = {
            say["encoder_leftover"]: plus(own, right.judging_encoder),
            say["two_masters"]: plus(own, right.copying_encoder),
            say["all"]: plus(own, right.copying_encoder, right.judging_encoder),
            say["saturating"]: right.saturating_encoder,
            say["helps"]: right.judging_encoder,
            say["sign"]: times(-1, own),
            say["detached"]: times(0, own),
        }
        check_slopes(WHAT["deceiving"].format(what=what), found, own, mistakes)


# --- to mend ----------------------------------------------------------------------------------------------------------


def played(real, noise, forger, judge, lr, forger_too=0, judge_too=0, saturating=False, turns=False):
    """The game by hand. `_too`: how much of the other one's loss a player uses; `turns`: the judge moves first."""
    for dots, eps in zip(real, noise, strict=True):
        made, of_eps = forward(eps, forger)
        of_real, given = forward(dots, judge)
        of_made, judged = forward(made, judge)
        from_real = backward(-sure(-of_real) / len(dots), given, judge)[1]
        to_made, from_made = backward(sure(of_made) / len(made), judged, judge)
        to_pass, from_deceit = backward(-sure(-of_made) / len(made), judged, judge)
        new_judge = plus(judge, times(-lr, plus(from_real, from_made, times(judge_too, from_deceit))))
        if turns:
            of_made, judged = forward(made, new_judge)
            to_pass, _ = backward(-sure(-of_made) / len(made), judged, new_judge)
        to_pass = times(-1, [to_made])[0] if saturating else to_pass
        slopes = backward(to_pass + forger_too * to_made, of_eps, forger)[1]
        forger, judge = plus(forger, times(-lr, slopes)), new_judge
    return forger, judge


@pytest.mark.points(1, "debug")
def test_play(exercise, rng):
    say = SAY["play"]
    for steps, n, size in shuffled(rng, [(2, 7, 3), (3, 5, 2)]):
        real, noise = 2 * rng.standard_normal((steps, n, 2)), rng.standard_normal((steps, n, size))
        forger, judge, lr = layers(rng, size, 5, 2), layers(rng, 2, 7, 1), float(rng.uniform(0.1, 0.3))
        game = real, noise, forger, judge, lr
        what = WHAT["play"].format(steps=steps)
        found = several(what, call(what, exercise.play, *game), 2, FORM["players"])
        flat = lambda lists: np.concatenate([np.ravel(array) for arrays in lists for array in arrays])
        right = played(*game)
        mistakes = {
            say["as_it_was"]: played(*game, forger_too=1, judge_too=1),
            say["judge_left"]: played(*game, judge_too=1),
            say["forger_left"]: played(*game, forger_too=1),
            say["saturating"]: played(*game, saturating=True),
            say["turns"]: played(*game, turns=True),
            say["forger_asleep"]: (forger, played(*game)[1]),
            say["forger_still"]: [forger, judge_alone(*game)],
            say["judge_still"]: (forger_alone(*game), judge),
        }
        check_players(what, found, right, {cause: flat(wrong) for cause, wrong in mistakes.items()}, flat)


def judge_alone(real, noise, forger, judge, lr):
    for dots, eps in zip(real, noise, strict=True):
        judge = played([dots], [eps], forger, judge, lr)[1]
    return judge


def forger_alone(real, noise, forger, judge, lr):
    for dots, eps in zip(real, noise, strict=True):
        forger = played([dots], [eps], forger, judge, lr)[0]
    return forger


def check_players(what, found, right, mistakes, flat):
    for player, expected in zip(found, right, strict=True):
        several(what, player, len(expected), FORM["like_weights"])
    compare(what, flat(found), flat(right), mistakes)


@pytest.mark.points(1, "debug")
@pytest.mark.seconds(30)
def test_second_opinion(exercise, rng):
    """Two clouds whose best judge is known; equal clouds; and few dots in many dimensions, which can be remembered."""
    say, seed = SAY["opinion"], int(rng.integers(1_000_000))
    away = float(rng.uniform(1.4, 3))
    real, made = rng.standard_normal((2, 2000, 2)).astype(np.float32)
    direction = rng.uniform(0, 2 * np.pi)
    far = made + (away * np.array([np.cos(direction), np.sin(direction)])).astype(np.float32)
    line = np.linspace(-9, 12, 4001)
    bell = lambda mean: np.exp(-((line - mean) ** 2) / 2) / np.sqrt(2 * np.pi)
    logit = away**2 / 2 - away * line
    costs = bell(0) * np.logaddexp(0, -logit) + bell(away) * np.logaddexp(0, logit)
    best = float(costs.sum() * (line[1] - line[0]))
    few, others = rng.standard_normal((2, 120, 7)).astype(np.float32)
    dots = {"far": (far, real), "equal": (made, real), "few": (few, others)}
    of = {name: opinion(exercise, *dots[name], seed) for name in rng.permutation(list(dots)).tolist()}
    found = of["far"]
    text = say["far"].format(away=away, best=best, found=found)
    assert found < best + 0.2, text + cause_of([say["asleep"]] if found > 1.0 else [])
    assert found > best - 0.15, text
    assert 1.33 < of["equal"] < 1.6, say["equal"].format(found=of["equal"])
    assert of["few"] > 1.38, say["few"].format(found=of["few"]) + cause_of([say["seen"]])


def opinion(exercise, made, drawn, seed):
    found = call("second_opinion", exercise.second_opinion, made, drawn, seed)
    is_number = isinstance(found, (int, float, np.floating)) and np.isfinite(found)
    assert is_number, FORM["number"].format(what="second_opinion", found=kind(found))
    return float(found)


# --- to try -----------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_slopes_of_a_forger(exercise, rng):
    say, line = SAY["slopes"], np.linspace(-10, 16, 20001)
    for n in shuffled(rng, [20_000, 30_000, 50_000]):
        mu, seed = float(rng.uniform(1, 3)), int(rng.integers(1_000_000))
        density = np.exp(-((line - mu) ** 2) / 2) / np.sqrt(2 * np.pi) * (line[1] - line[0])
        chance = sure(mu**2 / 2 - mu * line)
        expected = lambda f, density=density: float((f * density).sum())
        what = WHAT["slopes"].format(mu=mu, n=n)
        pair = several(what, call(what, exercise.slopes_of_a_forger, mu, n, seed), 2, FORM["two_slopes"])
        obvious, other = mu * chance, mu * (1 - chance)
        for name, found, estimates, wrong in (("first", pair[0], obvious, other), ("second", pair[1], other, obvious)):
            assert np.ndim(found) == 0 and isinstance(found, (int, float, np.floating)), FORM["number"].format(
                what=what, found=kind(found)
            )
            mean = expected(estimates)
            error = (expected(estimates**2) - mean**2) ** 0.5 / n**0.5
            causes = {"sign": -mean, "swapped": expected(wrong), "in_logit": mean / mu, "in_logit_sign": -mean / mu}
            causes["moving"] = expected(estimates * line / mu)
            same = [say[cause] for cause, value in causes.items() if abs(found - value) < 5 * error + 0.01 * abs(value)]
            text = say["differs"].format(what=what, name=say[name], expected=mean, found=found, error=error)
            assert abs(found - mean) < 5 * error, text + cause_of(same)
    text = exercise.WHY_IT_STOPS
    assert isinstance(text, str) and len(text.split()) > 2, say["no_line"]
