"""The public checks of exercise 24. Ten points. What they say stands in messages.toml.

Tests are judged by programs: each gets right ones, which it must let pass, and wrong ones, to which it must object.
Their order and their numbers are drawn.
"""

import tomllib
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]
SEEDS = 4  # for each right program: one that is refused too often is found


def judge(what, test, rng, right, wrong, say, hints):
    """A test of the learner's: True of each right program, False of each wrong one, or an error.

    right and wrong: by the name in messages.toml. `say` has what each is, `hints` why it may be missed or refused.
    """
    cases = [(name, program, True) for name, program in right.items() for _ in range(SEEDS)]
    cases += [(name, program, False) for name, program in wrong.items()]
    for at in rng.permutation(len(cases)):
        name, program, is_right = cases[at]
        try:
            found = call(what, test, program, draw_seed(rng))
        except AssertionError as error:
            assert not is_right, FORM["refused"].format(what=what, program=say[name]) + f": {error}"
            continue
        hint = hints.get(name, hints.get("right") if is_right else None)
        told = FORM["refused" if is_right else "missed"].format(what=what, program=say[name])
        assert truth(what, found) == is_right, told + cause_of([hint] if hint else [])


def truth(what, found):
    assert isinstance(found, (bool, np.bool_)), FORM["truth"].format(what=what, found=kind(found))
    return bool(found)


def draw_seed(rng):
    return int(rng.integers(1_000_000))


# --- survivors --------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_survivors(exercise, rng):
    say = SAY["survivors"]
    for count in rng.permutation([5, 7, 11]).tolist():
        scale = float(rng.uniform(2, 5))
        lives = rng.permutation(count) < count // 2
        mutants = [partial(stretch, scale if alive else -scale) for alive in lives]
        at = np.flatnonzero(lives).tolist()
        for is_picky, expected in ((False, at), (True, list(range(count)))):
            test = partial(is_picky_about if is_picky else is_stretch, scale)
            what = WHAT["survivors"].format(count=count)
            found = call(what, exercise.survivors, test, partial(stretch, scale), mutants)
            assert isinstance(found, (list, tuple)), say["form"].format(what=what, found=kind(found))
            causes = {
                "picky" if is_picky else "killed": [place for place in range(count) if place not in at],
                "none": [] if is_picky else None,
                "from_1": [place + 1 for place in at],
                "flags": lives.tolist(),
            }
            same = [say[name] for name, wrong in causes.items() if list(found) == wrong]
            told = say["picky_case" if is_picky else "case"].format(what=what, expected=expected, found=list(found))
            assert list(found) == expected, told + cause_of(same)


def stretch(scale, x):
    return scale * x


def is_stretch(scale, program):
    """A test that says True of the program, and of each mutant that is the same."""
    return bool(program(0.5) == 0.5 * scale)


def is_picky_about(scale, program):
    """A test that says True of just the others."""
    return bool(program(0.5) == -0.5 * scale)


# --- is_dropout -------------------------------------------------------------------------------------------------------


def dice(x, seed):
    return np.random.default_rng(seed).random(x.shape)


def dropout(x, rate, seed):
    return x * (dice(x, seed) > rate) / (1 - rate)


def dropout_from_below(x, rate, seed):
    return np.where(dice(x, seed) < 1 - rate, x / (1 - rate), 0)


def dropout_by_columns(x, rate, seed):
    """The same dice in another order."""
    return x * (dice(x.T, seed).T > rate) / (1 - rate)


RIGHT_DROPOUTS = {
    "dropout": dropout,
    "dropout_from_below": dropout_from_below,
    "dropout_by_columns": dropout_by_columns,
}


def gaussian_dropout(x, rate, seed):
    normal = np.random.default_rng(seed).standard_normal(x.shape)
    return x * (1 + np.sqrt(rate / (1 - rate)) * normal)


@pytest.mark.points(1, "build")
def test_is_dropout_knows_the_numbers(exercise, rng):
    small = float(rng.uniform(0.85, 0.93))
    wrong = {
        "not_scaled": lambda x, rate, seed: x * (dice(x, seed) > rate),
        "scaled_twice": lambda x, rate, seed: x * (dice(x, seed) > rate) / (1 - rate) ** 2,
        "scaled_by_rate": lambda x, rate, seed: x * (dice(x, seed) > rate) / rate,
        "other_rate": lambda x, rate, seed: x * (dice(x, seed) < rate) / rate,
        "gaussian": gaussian_dropout,
        "half": lambda x, rate, seed: dropout(x, 0.5, seed),
        "rarely": lambda x, rate, seed: x * (dice(x, seed) > small * rate) / (1 - rate),
        "rarely_scaled": lambda x, rate, seed: dropout(x, small * rate, seed),
    }
    judge(WHAT["dropout"], exercise.is_dropout, rng, RIGHT_DROPOUTS, wrong, SAY["dropout"], SAY["dropout_hints"])


@pytest.mark.points(1, "build")
def test_is_dropout_knows_the_dice(exercise, rng):
    def of_rows(x, rate, seed):
        return x * (dice(x[:1], seed) > rate) / (1 - rate)

    def of_columns(x, rate, seed):
        return x * (dice(x[:, :1], seed) > rate) / (1 - rate)

    wrong = {
        "one_for_all_rows": of_rows,
        "whole_rows": of_columns,
        "always_the_same": lambda x, rate, seed: dropout(x, rate, 0),
    }
    judge(WHAT["dropout"], exercise.is_dropout, rng, RIGHT_DROPOUTS, wrong, SAY["dropout"], SAY["dropout_hints"])


# --- is_log_p ---------------------------------------------------------------------------------------------------------


def softplus(s):
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


def log_p(x, logits):
    return (x * logits - softplus(logits)).sum(axis=1)


def log_p_by_signs(x, logits):
    return -softplus((1 - 2 * x) * logits).sum(axis=1)


def log_p_by_logaddexp(x, logits):
    return x @ logits - np.logaddexp(0, logits).sum()


RIGHT_LOG_P = {"log_p": log_p, "log_p_by_signs": log_p_by_signs, "log_p_by_logaddexp": log_p_by_logaddexp}


def p_of(logits):
    return 1 / (1 + np.exp(-logits))


def clipped(x, logits):
    return (x * np.log(p_of(logits).clip(1e-15, 0.999)) - (1 - x) * softplus(logits)).sum(axis=1)


def by_p(x, p):
    return (x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1)


@pytest.mark.points(1, "build")
def test_is_log_p_wants_a_sum_of_one(exercise, rng):
    little = 10 ** float(rng.uniform(-5, -4))
    wrong = {
        "mean_of_pixels": lambda x, logits: (x * logits - softplus(logits)).mean(axis=1),
        "white_alone": lambda x, logits: (x * -softplus(-logits)).sum(axis=1),
        "clipped": clipped,
        "a_little": lambda x, logits: np.log(np.exp(log_p(x, logits)) + little),
        "minus": lambda x, logits: -log_p(x, logits),
        "in_bits": lambda x, logits: log_p(x, logits) / np.log(2),
    }
    judge(WHAT["log_p"], exercise.is_log_p, rng, RIGHT_LOG_P, wrong, SAY["log_p"], SAY["log_p_hints"])


@pytest.mark.points(1, "build")
def test_is_log_p_wants_the_right_coins(exercise, rng):
    factor = float(rng.choice([rng.uniform(1.02, 1.1), rng.uniform(0.9, 0.98)]))
    wrong = {
        "negative": lambda x, logits: log_p(1 - x, logits),
        "reversed": lambda x, logits: log_p(x, logits[::-1]),
        "stretched": lambda x, logits: log_p(x, factor * logits),
        "one_coin": lambda x, logits: log_p(x, 0 * logits + logits.mean()),
        "fair": lambda x, logits: log_p(x, 0 * logits),
        "both_clipped": lambda x, logits: by_p(x, p_of(logits).clip(0.001, 0.999)),
    }
    judge(WHAT["log_p"], exercise.is_log_p, rng, RIGHT_LOG_P, wrong, SAY["log_p"], SAY["log_p_hints"])


# --- each_row_alone ---------------------------------------------------------------------------------------------------


def softmax_of_all(x):
    """Right: what all share cancels but for rounding."""
    e = np.exp(x - x.max())
    return e / e.sum(axis=1, keepdims=True)


def waves(x):
    return np.tanh(np.stack([x, 2 * x, -x], axis=-1))


def in_fours(x):
    """An incomplete last four is forgotten."""
    whole = len(x) // 4 * 4
    return np.concatenate([np.tanh(x[:whole]), 0 * x[whole:]])


@pytest.mark.points(1, "build")
def test_each_row_alone(exercise, rng):
    size = float(rng.uniform(0.5, 2))
    right = {
        "softmax_of_all": softmax_of_all,
        "mean_of_steps": lambda x: waves(size * x).mean(axis=1),
        "its_own_mean": lambda x: x - x.mean(axis=1, keepdims=True),
    }
    wrong = {
        "mean_of_the_batch": lambda x: waves(size * x).mean(axis=0),
        "batch_mean_taken": lambda x: x - x.mean(axis=0),
        "the_one_before": lambda x: np.tanh(x) + np.roll(np.tanh(x), 1, axis=0),
        "from_the_last": lambda x: np.tanh(x)[::-1],
        "by_its_place": lambda x: np.tanh(x) + np.arange(len(x))[:, None],
        "by_their_number": lambda x: size * x / len(x),
        "incomplete": in_fours,
        "as_if_square": lambda x: x.ravel().reshape(x.shape[::-1]).T,
    }
    judge(WHAT["alone"], exercise.each_row_alone, rng, right, wrong, SAY["alone"], SAY["alone_hints"])


# --- moves_only -------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_moves_only(exercise, rng):
    say, what = SAY["moves"], WHAT["moves"]
    for count in rng.permutation([5, 6, 7]).tolist():
        weights = [rng.standard_normal((3, 2 + place)) for place in range(count)]
        own = sorted(rng.permutation(count)[: count // 2 + 1].tolist())
        others = [place for place in range(count) if place not in own]
        first, other = int(rng.choice(own)), int(rng.choice(others))
        by = {place: rng.choice([-1.0, 1.0], weights[place].shape) for place in range(count)}

        def step(places, size, weights, by=by):
            return [weight + size * by[place] * (place in places) for place, weight in enumerate(weights)]

        def one_element(weights, own=own):
            after = [weight.copy() for weight in weights]
            for place in own:
                after[place][-1, -1] += 0.1
            return after

        def decayed(weights, own=own, other=other):
            after = step(own, 0.01, weights)
            after[other] = after[other] * (1 - 1e-12)
            return after

        right = {
            "step": partial(step, own, 0.01),
            "small_step": partial(step, own, 1e-11),
            "one_element": one_element,
        }
        wrong = {
            "nobody": partial(step, [], 0.01),
            "all": partial(step, range(count), 0.01),
            "one_stays": partial(step, [place for place in own if place != first], 0.01),
            "one_more": partial(step, [*own, other], 0.01),
            "a_little_more": decayed,
            "the_others": partial(step, others, 0.01),
        }

        def test(program, seed, weights=weights, own=own):
            return exercise.moves_only(program, weights, own)

        judge(what, test, rng, right, wrong, say, SAY["moves_hints"])


# --- two tests that were trusted: debug -------------------------------------------------------------------------------


def shrink(x):
    return x - np.clip(x, -1, 1)


@pytest.mark.points(1, "debug")
def test_check_shrink(exercise, rng):
    say, what = SAY["shrink"], WHAT["shrink"]
    heard: list = []

    def noting(x):
        heard.append(np.array(x))
        return shrink(x)

    right = {"shrink": shrink, "by_signs": lambda x: np.sign(x) * np.maximum(np.abs(x) - 1, 0)}
    edge = float(rng.uniform(3.5, 4.3))
    wrong = {
        "nothing": lambda x: 0 * x,
        "no_sign": lambda x: np.maximum(np.abs(x) - 1, 0),
        "one_side": lambda x: np.maximum(x - 1, 0),
        "hard": lambda x: np.where(np.abs(x) > 1, x, 0),
        "flat": lambda x: np.clip(shrink(x), 1 - edge, edge - 1),
        "relu": lambda x: np.where(x < -1, x + 1, np.maximum(x, 0)),
    }
    wants = int(rng.integers(150, 250))
    truth(what, call(what, exercise.check_shrink, noting, wants, draw_seed(rng)))
    assert len(heard) == wants, say["count"].format(what=what, expected=wants, found=len(heard))
    places = np.unique(np.round(np.ravel(heard), 12))
    assert places.size > 2 * wants, say["same"].format(what=what, found=places.size)
    is_far = places.min() < -4.5 and places.max() > 4.5 and np.abs(places).max() < 5
    assert is_far, say["where"].format(what=what, lowest=places.min(), highest=places.max())

    def test(op, seed):
        return exercise.check_shrink(op, wants, seed)

    judge(what, test, rng, right, wrong, say, {})


def descent(slopes, noise):
    """A short training: the losses of a bowl, the first one before anything has moved."""
    w, losses = 3.0, []
    for step in slopes:
        losses.append(w * w + noise)
        w = w - step * w
    return np.array(losses)


@pytest.mark.points(1, "debug")
def test_option_matters(exercise, rng):
    say, what = SAY["option"], WHAT["option"]
    one, other = map(float, rng.uniform(0.05, 0.3, 2))

    def noise(seed):
        return float(np.random.default_rng(seed).random())

    fresh = np.random.default_rng(draw_seed(rng))
    right = {
        "works": lambda setting, seed: descent([setting] * 6, noise(seed)),
        "works_late": lambda setting, seed: descent([0.1, 0.1, 0.1, 0.1, setting, 0.1], noise(seed)),
        "works_a_little": lambda setting, seed: descent([0.1 + 1e-8 * setting] * 5, noise(seed)),
    }
    wrong = {
        "ignored": lambda setting, seed: descent([0.1] * 6, noise(seed)),
        "not_repeatable": lambda setting, seed: descent([0.1] * 6, fresh.random()),
        "not_repeatable_2": lambda setting, seed: descent([setting] * 5, fresh.random()),
    }

    def test(train, seed):
        return exercise.option_matters(train, one, other, seed)

    judge(what, test, rng, right, wrong, say, SAY["option_hints"])


# --- how often a mistake escapes: an experiment -----------------------------------------------------------------------


@pytest.mark.points(1, "experiment")
def test_escapes(exercise, rng):
    say, checks = SAY["escapes"], 4_000
    for cases in rng.permutation([1, 5, 20, 40]).tolist():
        share, start = float(rng.uniform(0.03, 0.06)), float(rng.uniform(0.1, 0.8))

        def wrong(x, start=start, share=share):
            return np.abs(x - 0.5) + ((x > start) & (x < start + share))

        seed, what = draw_seed(rng), WHAT["escapes"].format(cases=cases, share=share)
        found = call(what, exercise.escapes, lambda x: np.abs(x - 0.5), wrong, cases, checks, seed)
        is_number = isinstance(found, (int, float, np.floating)) and not isinstance(found, bool)
        assert is_number, FORM["number"].format(what=what, found=kind(found))
        expected = (1 - share) ** cases
        causes = {
            "caught": 1 - expected,
            "cases": 1 - share,
            "linear": max(0.0, 1 - cases * share),
            "all": share**cases,
        }
        same = [say[name] for name, value in causes.items() if abs(float(found) - value) < 0.02]
        error = np.sqrt(expected * (1 - expected) / checks)
        told = say["differs"].format(what=what, expected=expected, found=float(found), error=error)
        assert abs(float(found) - expected) < 5 * error, told + cause_of(same)
    line = exercise.WHY_IT_ESCAPES
    assert isinstance(line, str) and len(line.split()) > 3, say["no_line"]
