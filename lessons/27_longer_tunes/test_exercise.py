"""The public checks of exercise 27. Ten points. What they say stands in messages.toml."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, check_op, compare, kind, value_and_vjps

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT = SAY["what"]


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


def cut(steps, bars):
    """Bars side by side, by slices: the first bars of all melodies, then the second ones."""
    return np.concatenate(np.split(steps, bars), axis=1)


def mixed(steps, bars):
    """A reshape alone: a step from each bar in turn."""
    return steps.reshape(len(steps) // bars, bars * steps.shape[1], -1)


def by_melody(steps, bars):
    """Side by side, but first all bars of the first melody."""
    parts = np.split(steps, bars)
    return np.stack(parts, axis=2).reshape(len(parts[0]), -1, steps.shape[2])


def back(g, bars):
    return np.concatenate(np.split(g, bars, axis=1))


@pytest.mark.points(1, "build")
def test_side_by_side(exercise, rng):
    say = SAY["side"]
    for bars, length, n, kinds in shuffled(rng, [(2, 5, 3, 7), (1, 4, 3, 2), (5, 3, 2, 3), (3, 2, 5, 1)]):
        x = rng.standard_normal((bars * length, n, kinds))
        g = rng.standard_normal((length, bars * n, kinds))
        of_value = {say["mixed"]: mixed(x, bars), say["by_melody"]: by_melody(x, bars), say["shape"]: "shape"}
        of_steps = {say["vjp_mixed"]: g.reshape(x.shape), say["vjp_shape"]: "shape"}
        check_op(
            WHAT["side"].format(bars=bars, n=n), lambda x, bars=bars: exercise.side_by_side(x, bars), (x,),
            cut(x, bars), g, {"steps": (back(g, bars), of_steps)}, of_value,
        )  # fmt: skip


@pytest.mark.points(1, "build")
def test_heard(exercise, rng):
    say = SAY["heard"]
    for bars, length, n, kinds in shuffled(rng, [(2, 5, 3, 7), (4, 3, 2, 3), (3, 2, 5, 2)]):
        x = rng.standard_normal((bars * length, n, kinds))
        late = lambda steps: np.concatenate([0 * steps[:1], steps[:-1]])
        mistakes = {
            say["itself"]: cut(x, bars),
            say["deaf"]: late(cut(x, bars)),
            say["round"]: cut(np.roll(x, 1, axis=0), bars),
            say["after"]: cut(np.concatenate([x[1:], 0 * x[:1]]), bars),
            say["mixed"]: mixed(late(x), bars),
            say["by_melody"]: by_melody(late(x), bars),
            say["not_cut"]: "shape",
        }
        what = WHAT["heard"].format(bars=bars, n=n)
        compare(what, call(what, exercise.heard, x, bars), cut(late(x), bars), mistakes)


def a_cell(rng, latent, units):
    """A plain cell tanh(z A + h B), with its vjps."""
    A, B = rng.standard_normal((latent, units)), rng.standard_normal((units, units)) / np.sqrt(units)

    def cell(z, h):
        new = np.tanh(z @ A + h @ B)
        through = lambda g: g * (1 - new**2)
        return new, (lambda g: through(g) @ A.T, lambda g: through(g) @ B.T)

    return A, B, cell


def the_way_back(codes, g, A, B):
    """The slopes in z and in h of a chain of plain cells, and those of some ways to get it wrong."""
    in_z, in_h, first, alone = 0, 0, 0, 0
    for bar in range(len(codes) - 1, -1, -1):
        of_tanh = 1 - codes[bar] ** 2
        through = (g[bar] + in_h) * of_tanh
        alone = alone + (g[bar] * of_tanh) @ A.T
        in_z, in_h, first = in_z + through @ A.T, through @ B.T, through @ A.T
    last = len(codes) - 1
    carried = g[last]
    last_z = 0
    for bar in range(last, -1, -1):
        carried = carried * (1 - codes[bar] ** 2)
        last_z, carried = last_z + carried @ A.T, carried @ B.T
    return in_z, in_h, first, alone, last_z, carried


@pytest.mark.points(2, "build")
def test_conductor(exercise, rng):
    say = SAY["conductor"]
    for bars, n, latent, units in shuffled(rng, [(4, 3, 2, 5), (2, 5, 3, 2), (7, 2, 3, 3)]):
        A, B, cell = a_cell(rng, latent, units)
        z, h, g = (rng.standard_normal(shape) for shape in ((n, latent), (n, units), (bars, n, units)))
        right = [h]
        while len(right) <= bars:
            right.append(np.tanh(z @ A + right[-1] @ B))
        codes = np.stack(right[1:])
        in_z, in_h, first, alone, last_z, last_h = the_way_back(codes, g, A, B)
        fresh = np.repeat(codes[:1], bars, axis=0)
        once = [codes[0]]
        for _ in range(bars - 1):
            once.append(np.tanh(once[-1] @ B))
        of_value = {
            say["fresh"]: fresh,
            say["early"]: np.stack(right[:-1]),
            say["once"]: np.stack(once),
            say["turned"]: codes[::-1],
            say["last"]: "shape",
        }
        of_z = {say["first_bar"]: first, say["alone"]: alone, say["last_bar"]: last_z}
        of_h = {say["last_bar"]: last_h, say["direct"]: (g[0] * (1 - codes[0] ** 2)) @ B.T}
        what = WHAT["conductor"].format(bars=bars, n=n)
        value, vjps = value_and_vjps(
            what, lambda z, h, cell=cell, bars=bars: exercise.conductor(z, h, cell, bars), (z, h), ["z", "h"]
        )
        compare(what, value, codes, of_value)
        for vjp, name, expected, causes in zip(vjps, ("z", "h"), (in_z, in_h), (of_z, of_h), strict=True):
            part = WHAT["vjp"].format(what=what, name=name)
            for _ in range(2):
                compare(part, call(part, vjp, g), expected, causes)


def written(codes, E, C, S, length, fresh=True, deaf=False, own_code=True, least=False):
    """What a small decoder writes: logits from the step before, the code and the state."""
    bars, n, _ = codes.shape
    state, nothing, line = np.tanh(codes[0] @ C), np.zeros((n, len(E))), []
    before = nothing
    for bar in range(bars):
        code = codes[bar] if own_code else codes[0]
        if bar and fresh:
            state = np.tanh(code @ C)
        if bar and deaf:
            before = nothing
        for _step in range(length):
            state = np.tanh(state @ S + before @ E + code @ C)
            chosen = state.argmin(axis=1) if least else state.argmax(axis=1)
            before = (chosen[:, None] == np.arange(len(E))).astype(float)
            line.append(chosen)
    return np.array(line).T


@pytest.mark.points(2, "build")
def test_compose(exercise, rng):
    say = SAY["compose"]
    for bars, length, n, latent, kinds in shuffled(rng, [(5, 4, 3, 3, 11), (3, 7, 7, 4, 13), (6, 3, 5, 2, 9)]):
        codes = 2 * rng.standard_normal((bars, n, latent))
        E, C = 3 * rng.standard_normal((kinds, kinds)), rng.standard_normal((latent, kinds))
        S = 2 * rng.standard_normal((kinds, kinds))

        def step(before, code, state, E=E, C=C, S=S):
            new = np.tanh(state @ S + before @ E + code @ C)
            return new, new

        part = E, C, S, length
        right = written(codes, *part)
        mistakes = {
            say["goes_on"]: written(codes, *part, fresh=False),
            say["deaf"]: written(codes, *part, deaf=True),
            say["first_code"]: written(codes, *part, fresh=False, own_code=False),
            say["first_code_afresh"]: written(codes, *part, own_code=False),
            say["least"]: written(codes, *part, least=True),
            say["turned"]: "shape",
        }
        what = WHAT["compose"].format(bars=bars, n=n, length=length)
        found = call(what, exercise.compose, codes, lambda code, C=C: np.tanh(code @ C), step, length, kinds)
        compare(what, found, right, mistakes, any_dtype=True)


def melodies(rng, n, bars, length):
    """Random steps with many holds, bars that come again, and notes that go on across bar lines."""
    pitches = rng.integers(58, 64, (n, bars * length))
    steps = np.where(rng.random(pitches.shape) < 0.55, 128, pitches)
    steps = np.where(rng.random(pitches.shape) < 0.1, 129, steps)
    steps[:, 0] = pitches[:, 0]
    again = steps.reshape(n, bars, length)
    again[::2, bars - 1] = again[::2, 0]
    return again.reshape(n, -1).astype(np.uint8)


def sounding(steps):
    found = steps.copy()
    for t in range(1, steps.shape[1]):
        found[:, t] = np.where(steps[:, t] == 128, found[:, t - 1], steps[:, t])
    return found


def squares(sound, bars):
    """How alike all pairs of bars are, pair by pair."""
    parts = np.split(sound, bars, axis=1)
    return np.stack([np.stack([(a == b).mean(axis=1) for a in parts], axis=1) for b in parts], axis=1)


@pytest.mark.points(1, "build")
def test_self_similarity(exercise, rng):
    say = SAY["similarity"]
    for n, bars, length in shuffled(rng, [(3, 4, 8), (5, 2, 6), (2, 7, 5)]):
        steps = melodies(rng, n, bars, length)
        sound = sounding(steps)
        each_bar = sounding(steps.reshape(-1, length)).reshape(steps.shape)
        right, onset = squares(sound, bars), steps < 128
        raw = squares(steps, bars)
        mistakes = {
            say["holds"]: raw,
            say["cut_first"]: squares(each_bar, bars),
            say["onsets"]: squares(np.where(onset, steps, 255), bars),
            say["all"]: right.mean(axis=0),
            say["differ"]: 1 - right,
            say["sum"]: right * length,
            say["shape"]: "shape",
        }
        what = WHAT["similarity"].format(n=n, bars=bars)
        compare(what, call(what, exercise.self_similarity, steps, bars), right, mistakes)


@pytest.mark.points(1, "debug")
def test_decoder_input(exercise, rng):
    say = SAY["input"]
    for bars, length, n, kinds, latent in shuffled(rng, [(3, 4, 2, 5, 2), (2, 5, 7, 3, 4), (5, 2, 3, 2, 3)]):
        before, codes = rng.standard_normal((bars * length, n, kinds)), rng.standard_normal((bars, n, latent))
        with_codes = lambda steps, rows, length=length: np.concatenate([steps, np.tile(rows, (length, 1, 1))], axis=2)
        rows, other_rows = codes.reshape(-1, latent), codes.swapaxes(0, 1).reshape(-1, latent)
        mistakes = {
            say["as_it_was"]: with_codes(mixed(before, bars), rows),
            say["codes_only"]: with_codes(mixed(before, bars), other_rows),
            say["others_codes"]: with_codes(cut(before, bars), other_rows),
            say["steps_by_melody"]: with_codes(by_melody(before, bars), rows),
            say["both_by_melody"]: with_codes(by_melody(before, bars), other_rows),
            say["shape"]: "shape",
        }
        what = WHAT["input"].format(bars=bars, n=n)
        found = call(what, exercise.decoder_input, before, codes)
        compare(what, found, with_codes(cut(before, bars), rows), mistakes)


@pytest.mark.points(1, "debug")
def test_onsets_by_bar(exercise, rng):
    say = SAY["onsets"]
    for n, bars, length in shuffled(rng, [(9, 4, 8), (13, 2, 6), (11, 7, 5)]):
        truth = melodies(rng, n, bars, length)
        truth[0].reshape(bars, length)[:, 1] = 60
        other = melodies(rng, n, bars, length)
        found = np.where(rng.random(truth.shape) < 0.6, truth, other)
        found[1].reshape(bars, length)[:, 1] = 61
        each = lambda mask, bars=bars: np.stack([part.sum() for part in np.split(mask, bars, axis=1)])
        due, made = truth < 128, found < 128
        equal = found == truth
        mistakes = {
            say["as_it_was"]: each(due & made) / each(made),
            say["any_pitch"]: each(due & made) / each(due),
            say["made"]: each(due & equal) / each(made),
            say["all_steps"]: each(equal) / (n * length),
            say["all_hits"]: each(equal) / each(due),
            say["per_step"]: each(due & equal) / (n * length),
            say["shape"]: "shape",
        }
        what = WHAT["onsets"].format(n=n, bars=bars)
        right = each(due & equal) / each(due)
        compare(what, call(what, exercise.onsets_by_bar, found, truth, bars), right, mistakes)


@pytest.mark.points(1, "experiment")
def test_by_lag(exercise, rng):
    say = SAY["lag"]
    for n, bars, length in shuffled(rng, [(3, 4, 8), (5, 3, 6), (2, 7, 5)]):
        steps = melodies(rng, n, bars, length)
        mean, raw = squares(sounding(steps), bars).mean(axis=0), squares(steps, bars).mean(axis=0)
        of = lambda square, bars=bars: np.array([np.trace(square, lag) / (bars - lag) for lag in range(1, bars)])
        mistakes = {
            say["holds"]: of(raw),
            say["first_bar"]: mean[0, 1:],
            say["sum"]: of(mean) * (bars - np.arange(1, bars)),
            say["too_many"]: of(mean) * (bars - np.arange(1, bars)) / bars,
            say["shape"]: "shape",
        }
        what = WHAT["lag"].format(n=n, bars=bars)
        compare(what, call(what, exercise.by_lag, steps, bars), of(mean), mistakes)
    home, line = exercise.HOME_AFTER, exercise.WHAT_TO_KEEP
    assert home == 4, say["home"].format(found=kind(home))
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]
