"""The public checks of the project of Part V. Ten points; ten more are for the report. Texts: messages.toml.

What trains, trains on tunes that minae has and on tunes that are made up anew each time. The test measures by
itself, and asks only `encode` and `decode`. Tunes come from minae, and cross as arrays: the exercise sees NumPy
alone.
"""

import tomllib
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, compare, differs, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
HOLD, REST = 128, 129
PIANO = np.array([1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1])  # is it a white key? From C to B
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
# Shares of the notes that must come back: of the own melodies, of these with noise in the code, and of the others.
OWN, NOISY, OTHERS = 0.8, 0.6, 0.3
DEAREST = 90  # nats that a code may cost
STEADY, WHITE = 0.5, 0.7  # how many steps may change from tune to tune; white keys on the way


# --- the tunes --------------------------------------------------------------------------------------------------------


def write_tune(rng, bars):
    """A tune as text, and as the letters in it, each with sign, octave and sixteenths; or "|"."""
    text, parts = "", list[tuple[str, str, int, int]]()
    for bar in range(bars):
        left = 16 if bar < bars - 1 else int(rng.integers(9, 14))
        while left:
            sixteenths = int(rng.choice([n for n in (1, 2, 3, 4, 6, 8) if n <= left]))
            left -= sixteenths
            letter = "z" if rng.random() < 0.2 else str(rng.choice(list("CDEFFFGAB")))
            octave = 0 if letter == "z" else int(rng.integers(-2, 3))
            sign = "" if letter == "z" else str(rng.choice(["", "", "", "^", "_", "="]))
            text += sign + spelled(letter, octave) + length_of(sixteenths, rng) + str(rng.choice(["", " "]))
            parts.append((letter, sign, octave, sixteenths))
        text += str(rng.choice(["|", " | ", "|\n"])) if bar < bars - 1 else ""
        parts += [("|", "", 0, 0)] if bar < bars - 1 else []
    return text, parts


def spelled(letter, octave):
    if octave > 0:
        return letter.lower() + "'" * (octave - 1)
    return letter + "," * -octave


def length_of(sixteenths, rng):
    if sixteenths == 1:
        return str(rng.choice(["/", "/2", "1/2"]))
    if sixteenths % 2:
        return f"{sixteenths}/2"
    return "" if sixteenths == 2 else str(sixteenths // 2)


def steps_right(parts, lasting="bar", unit=1, again=False, fill=True, octaves=1, signs=1):
    """Steps of a tune in parts, and those that some mistakes make."""
    steps, moved, silent = list[int](), dict[tuple[str, int], int](), False
    for letter, sign, octave, sixteenths in parts:
        if letter == "|":
            moved = moved if lasting == "ever" else {}
            continue
        length = int(max(1, sixteenths * unit))
        if letter == "z":
            steps.append(HOLD if silent and not again else REST)
        else:
            if sign:
                moved[letter, octave] = signs * "_=^".index(sign) - signs
            pitch = 60 + LETTERS[letter] + 12 * octaves * octave + moved.get((letter, octave), 0)
            steps.append(pitch)
        if lasting == "never":
            moved = {}
        silent = letter == "z"
        steps += [HOLD for _ in range(length - 1)]
    while fill and len(steps) % 16:
        steps.append(HOLD if silent else REST)
        silent = True
    return np.array(steps, float)


@pytest.mark.points(1, "build")
def test_read_tune(exercise, rng):
    say = SAY["read"]
    for bars in rng.permutation([2, 5, 9]).tolist():
        text, parts = write_tune(rng, bars)
        right, what = steps_right(parts), say["what"].format(text=text.split("\n")[0][:30])
        mistakes = {
            say["never"]: steps_right(parts, lasting="never"),
            say["ever"]: steps_right(parts, lasting="ever"),
            say["again"]: steps_right(parts, again=True),
            say["fill"]: steps_right(parts, fill=False),
            say["octaves"]: steps_right(parts, octaves=-1),
            say["signs"]: steps_right(parts, signs=-1),
            say["ignored"]: steps_right(parts, signs=0),
            say["unit"]: "shape",
        }
        found = call(what, exercise.read_tune, text)
        compare(what, found, right, mistakes, any_dtype=True)
        check_steps(what, found)


def check_steps(what, found):
    assert np.asarray(found).dtype == np.uint8, SAY["form"]["uint8"].format(what=what, found=np.asarray(found).dtype)


def draw_tune(rng, keys, length, low=48, high=85):
    """Notes of these keys, holds and rests: steps that begin with a note."""
    pitches = [pitch for pitch in range(low, high) if pitch % 12 in keys]
    steps = rng.choice([*pitches, HOLD, REST], length, p=[*[0.4 / len(pitches)] * len(pitches), 0.5, 0.1])
    steps[0] = rng.choice(pitches)
    return steps.astype(np.uint8)


def moves_by_merit(steps, merit):
    """Each move from 6 down to 5 up, and what it is worth."""
    pitches = steps[steps < HOLD].astype(int)
    return {by: merit(PIANO[(pitches + by) % 12]) for by in range(-6, 6)}


def moved(steps, by):
    return np.where(steps < HOLD, steps + float(by), steps)


@pytest.mark.points(1, "build")
def test_to_one_key(exercise, rng):
    """Tunes in major with some foreign notes; tunes of five notes, which fit in several keys; and two ways as good."""
    say = SAY["key"]
    scale, five = (0, 2, 4, 5, 7, 9, 11), (0, 2, 4, 7, 9)
    cases = [(scale, "foreign"), (scale, ""), (five, ""), (five, ""), ((0, 6), "halfway"), ((0, 2, 4, 7), "rare")]
    for number in rng.permutation(len(cases)):
        keys, way = cases[number]
        shift = int(rng.choice([2, 8])) if way == "halfway" else int(rng.integers(12))
        steps = draw_tune(rng, {(key + shift) % 12 for key in keys}, 160)
        strange = (steps < HOLD) & (rng.random(160) < 0.15 * (way == "foreign"))
        steps[strange] += 1
        if way == "rare":  # many notes of another key, each of them once
            steps[130:] = [pitch for pitch in range(36, 97) if PIANO[(pitch - shift + 6) % 12]][:30]
        worth = moves_by_merit(steps, np.sum)
        best = [by for by in worth if worth[by] == max(worth.values())]
        nearest = sorted(best, key=lambda by: abs(by + 0.25))
        many = {by % 12 for by in best}
        mistakes = {
            say["all"]: steps + float(nearest[0]),
            say["up"]: moved(steps, sorted(best, key=lambda by: abs(by - 0.25))[0]),
            say["first"]: moved(steps, best[0]),
            say["upward"]: moved(steps, min(many)),
            say["last"]: moved(steps, best[-1]),
            say["turned"]: moved(steps, -nearest[0]),
            say["still"]: steps * 1.0,
        }
        found = call(say["what"], exercise.to_one_key, steps)
        compare(say["what"], found, moved(steps, nearest[0]), mistakes, any_dtype=True)
        check_steps(say["what"], found)


def pieces_right(steps, every, struck=True, silent=True, size=32):
    found = []
    for start in range(0, len(steps) - size + 1, every):
        piece = list(steps[start : start + size])
        last = [step for step in steps[: start + 1] if step != HOLD][-1]
        if struck and (silent or last != REST):
            piece[0] = last
        found.append(piece)
    return np.array(found, float)


@pytest.mark.points(1, "build")
def test_cut(exercise, rng):
    say = SAY["cut"]
    for bars, every in rng.permutation([(6, 16), (8, 32), (9, 32), (4, 7), (2, 16)]).tolist():
        steps = draw_tune(rng, range(12), 16 * bars)
        steps[rng.random(len(steps)) < 0.5] = HOLD
        steps[0], steps[every : 2 * every + 1 : every] = 60, HOLD
        steps[every - 1] = rng.choice([REST, 64])
        right, what = pieces_right(steps, every), say["what"].format(steps=len(steps), every=every)
        mistakes = {
            say["held"]: pieces_right(steps, every, struck=False),
            say["rests"]: pieces_right(steps, every, silent=False),
            say["last"]: right[:-1],
            say["bar"]: pieces_right(steps, 16),
            say["apart"]: pieces_right(steps, 32),
            say["form"]: "shape",
        }
        found = call(what, exercise.cut, steps, every)
        compare(what, found, right, mistakes, any_dtype=True)
        check_steps(what, found)


# --- the machine ------------------------------------------------------------------------------------------------------


def logistic(a):
    return 1 / (1 + np.exp(-a))


def draw_gru(rng, inputs, units):
    """Small enough that rounding does not count beside a nudge."""
    shapes = (3 * units, inputs), (3 * units, units), (3 * units,), (3 * units,)
    return tuple(0.8 * rng.standard_normal(shape) for shape in shapes)


def states_right(x, h, weights, mistake="", early=None):
    """All states of a GRU. The steps before the last one take the weights `early`, if there are some."""
    states = []
    for t, now in enumerate(x):
        W, U, b, c = weights if early is None or t == len(x) - 1 else early
        size = h.shape[1]
        i, s = now @ W.T + b, h @ U.T + c
        r = logistic(i[:, :size] + s[:, :size])
        z = logistic(i[:, size : 2 * size] + s[:, size : 2 * size])
        if mistake == "gates":
            r, z = z, r
        inside = r * s[:, 2 * size :]
        if mistake == "c_outside":
            inside = r * (s[:, 2 * size :] - c[2 * size :]) + c[2 * size :]
        if mistake == "paper":
            inside = (r * h) @ U[2 * size :].T + c[2 * size :]
        if mistake == "no_reset":
            inside = s[:, 2 * size :]
        n = np.tanh(i[:, 2 * size :] + inside)
        h = z * n + (1 - z) * h if mistake == "turned" else n + z * (h - n)
        states.append(h)
    return np.array(states)


@pytest.mark.points(1, "build")
def test_gru(exercise, rng):
    """Its states, and all that goes back, with a cotangent for every state."""
    say = SAY["gru"]
    for length, n, inputs, units in rng.permutation([(4, 3, 2, 3), (3, 1, 4, 2), (1, 3, 2, 2)]).tolist():
        weights, what = draw_gru(rng, inputs, units), say["what"].format(length=length, n=n)
        x, h = rng.standard_normal((length, n, inputs)), rng.standard_normal((n, units))
        g = rng.standard_normal((length, n, units))
        names = ("turned", "gates", "paper", "c_outside", "no_reset")
        mistakes = {say[name]: states_right(x, h, weights, name) for name in names}
        states, vjp = things(what, call(what, exercise.gru, x, h, weights), 2)
        compare(say["states"].format(what=what), states, states_right(x, h, weights), mistakes)
        gradients = things(say["vjp"].format(what=what), call(what, vjp, g), 3)
        arrays = [x, h, *weights]
        total = lambda early=None, x=x, h=h, weights=weights, g=g: np.sum(g * states_right(x, h, weights, early=early))
        right = nudged(total, arrays)
        kept = tuple(array.copy() for array in weights)
        of_last = nudged(partial(total, kept), arrays)
        g_last = g * (np.arange(length) == length - 1)[:, None, None]
        alone = nudged(partial(total, g=g_last), arrays)
        slopes = things(say["slopes"].format(what=what), gradients[2], 4)
        names = ("x", "h", "W", "U", "b", "c")
        for name, found, *others in zip(names, (*gradients[:2], *slopes), right, of_last, alone, strict=True):
            causes = {say["alone"]: others[2]} | ({} if name in "xh" else {say["of_last"]: others[1]})
            compare_loosely(say["gradient"].format(what=what, name=name), found, others[0], causes)
    small = [array.astype(np.float32) for array in (x, h, g)], tuple(one.astype(np.float32) for one in weights)
    states, vjp = exercise.gru(*small[0][:2], small[1])
    of_x, of_h, slopes = vjp(small[0][2])
    dtypes = {np.asarray(array).dtype.name for array in (states, of_x, of_h, *slopes)}
    assert dtypes == {"float32"}, say["dtype"].format(found=", ".join(sorted(dtypes)))


def draw_vae(rng, kinds, units, latent, state):
    layer = lambda n, m: (rng.standard_normal((n, m)) / np.sqrt(m), rng.standard_normal(n) / 2)
    return (
        draw_gru(rng, kinds, units),
        draw_gru(rng, kinds, units),
        layer(2 * latent, 2 * units),
        layer(state, latent),
        draw_gru(rng, kinds + latent, state),
        layer(kinds, state),
    )


def terms_right(vae, x, told, eps, mistake=""):
    """Reconstruction and KL in nats per melody, and those that some mistakes make."""
    kinds, (n, length) = told.shape[2], x.shape
    seen = (x.T[:, :, None] == np.arange(kinds)).astype(float)
    start = np.zeros((n, vae[0][1].shape[1]))
    first = states_right(seen, start, vae[0])[-1]
    second = states_right(seen if mistake == "forwards" else seen[::-1], start, vae[1])
    second = second[0] if mistake == "first_state" else second[-1]
    sides = (second, first) if mistake == "sides" else (first, second)
    both = np.concatenate(sides, axis=1) @ vae[2][0].T + vae[2][1]
    mu, log_var = np.split(both, 2, 1)[:: -1 if mistake == "halves" else 1]
    z = mu + np.exp(log_var * (1 if mistake == "std" else 0.5)) * (0 if mistake == "no_noise" else eps)
    begin = z @ vae[3][0].T + vae[3][1]
    begin = begin if mistake == "no_tanh" else 0 * begin if mistake == "no_begin" else np.tanh(begin)
    code = np.stack([0 * z if mistake == "code_once" and t else z for t in range(length)])
    hears = seen if mistake == "itself" else 0 * told if mistake == "deaf" else told
    states = states_right(np.concatenate([hears, code], axis=2), begin, vae[4])
    logits = states @ vae[5][0].T + vae[5][1]
    log_p = logits - np.logaddexp.reduce(logits, axis=2, keepdims=True)
    return -np.sum(log_p * seen) / n, np.sum(mu**2 + np.exp(log_var) - 1 - log_var) / 2 / n


@pytest.mark.points(1, "build")
def test_negative_elbo(exercise, rng):
    """Both terms, and every slope of their sum, for two sizes."""
    say = SAY["elbo"]
    for n, length, kinds, units, latent, state in rng.permutation([(3, 3, 4, 2, 2, 3), (2, 4, 3, 1, 1, 2)]).tolist():
        vae, beta = draw_vae(rng, kinds, units, latent, state), rng.uniform(0.2, 0.7)
        x, told = rng.integers(0, kinds, (n, length)), rng.integers(0, 2, (length, n, kinds)).astype(float)
        eps, what = rng.standard_normal((n, latent)), say["what"].format(n=n, length=length)
        inputs = (vae, x, told, eps)
        reconstruction, kl = terms_right(*inputs)
        found = things(what, call(what, exercise.negative_elbo, *inputs, beta), 3)
        mistakes = {
            say["steps"]: reconstruction / length,
            say["batch"]: reconstruction * n,
            say["swapped"]: kl,
        }
        names = ("forwards", "first_state", "sides", "halves", "std", "no_noise")
        names += ("no_tanh", "no_begin", "code_once", "itself", "deaf")
        mistakes |= {say[name]: terms_right(*inputs, name)[0] for name in names}
        of_codes = {
            say["beta"]: beta * kl,
            say["numbers"]: kl / latent,
            say["batch"]: kl * n,
            say["each"]: "shape",
        }
        compare(say["reconstruction"].format(what=what), found[0], reconstruction, mistakes, any_dtype=True)
        compare(say["kl"].format(what=what), found[1], kl, of_codes, any_dtype=True)
        check_slopes(what, found[2], inputs, beta)


def check_slopes(what, slopes, inputs, beta):
    say, vae = SAY["elbo"], inputs[0]
    arrays, names = [array for part in vae for array in part], say["parts"]
    both = nudged(lambda: np.array(terms_right(*inputs)), arrays, terms=2)
    parts = things(say["slopes"].format(what=what), slopes, 6)
    found = []
    for name, part, right in zip(names, parts, vae):
        found += things(say["of"].format(what=what, name=name), part, len(right))
    places = [name for name, part in zip(names, vae) for _ in part]
    for name, one, (of_first, of_second) in zip(places, found, both):
        mistakes = {
            say["first_alone"]: of_first,
            say["second_alone"]: beta * of_second,
            say["no_beta"]: of_first + of_second,
            say["sum_of_kl"]: of_first + len(inputs[1]) * beta * of_second,
            say["sum_slopes"]: len(inputs[1]) * (of_first + beta * of_second),
            say["mean_steps"]: of_first / inputs[1].shape[1] + beta * of_second,
        }
        right = of_first + beta * of_second
        compare_loosely(say["of"].format(what=what, name=name), one, right, mistakes if np.any(of_second) else {})


def things(what, found, count):
    """A tuple or list of so many."""
    fits = isinstance(found, (tuple, list)) and len(found) == count
    assert fits, SAY["form"]["things"].format(what=what, count=count, found=kind(found))
    return found


def compare_loosely(what, found, right, mistakes):
    """Nudging is right to 1e-7 or so; `compare` asks for more. What is near enough counts as the same."""
    near = lambda wrong: np.shape(found) == wrong.shape and np.allclose(found, wrong, atol=1e-6)
    same = {cause: np.asarray(found) for cause, wrong in mistakes.items() if near(wrong)}
    compare(what, right if near(right) else found, right, same)


def nudged(value, arrays, h=1e-5, terms=None):
    """The slope in every number of each array: of one value, or of so many terms at once."""
    slopes = []
    for array in arrays:
        slope = np.empty(array.shape if terms is None else (terms, *array.shape))
        for index in np.ndindex(array.shape):
            kept, sides = array[index], []
            for place in (kept + h, kept - h):
                array[index] = place
                sides.append(value())
            array[index], slope[..., *index] = kept, (sides[0] - sides[1]) / (2 * h)
        slopes.append(slope)
    return slopes


# --- the blend --------------------------------------------------------------------------------------------------------


def on_the_arc(a, b, share):
    angle = np.arccos(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b))
    return (np.sin(angle - share * angle) * a + np.sin(share * angle) * b) / np.sin(angle)


def tunes_right(ends, way, decode, shares):
    """Tunes along a way: from the codes of one tune's melodies to those of the other."""
    codes = [np.array([way(a, b, share) for a, b in zip(*ends)]) for share in shares]
    return np.array([np.concatenate(decode(one)) for one in codes], float)


@pytest.mark.points(1, "build")
def test_blend(exercise, rng):
    """An encoder and a decoder that are known exactly: linear, and with another row of weights for each step."""
    say = SAY["blend"]
    for one_length, other_length, count in rng.permutation([(96, 64, 13), (64, 160, 5), (80, 100, 3)]).tolist():
        to_code, to_steps = rng.standard_normal((32, 7)), rng.standard_normal((7, 32))
        encode = lambda steps, to_code=to_code: (np.asarray(steps, float) @ to_code / 99, np.full((len(steps), 7), 2.0))
        decode = lambda z, to_steps=to_steps: np.uint8(60 + np.clip(np.round(5 * np.asarray(z) @ to_steps), -60, 60))
        tunes = [draw_tune(rng, range(12), length) for length in (one_length, other_length)]
        for tune in tunes:
            tune[32::32] = HOLD  # so that it matters that a note is struck again
        pieces = min(one_length, other_length) // 32
        ends = [encode(pieces_right(tune, 32)[:pieces])[0] for tune in tunes]
        shares = np.linspace(0, 1, count)
        decoded = partial(tunes_right, decode=decode, shares=shares)
        right, straight = decoded(ends, on_the_arc), decoded(ends, lambda a, b, share: a + share * (b - a))
        held = [encode(pieces_right(tune, 32, struck=False)[:pieces])[0] for tune in tunes]
        mistakes = {
            say["straight"]: straight,
            say["backwards"]: right[::-1],
            say["held"]: decoded(held, on_the_arc),
            say["mixed"]: right.reshape(count, pieces, 32).swapaxes(0, 1).reshape(count, -1),
            say["form"].format(shape=right.shape): "shape",
        }
        what = say["what"].format(one=one_length, other=other_length, count=count)
        found = call(what, exercise.blend, encode, decode, *tunes, count)
        compare(what, found, right, mistakes, any_dtype=True)


@pytest.mark.points(1, "build")
def test_measure(exercise, rng):
    say = SAY["measure"]
    for count, length in rng.permutation([(5, 64), (13, 32), (3, 96)]).tolist():
        tunes = np.array([draw_tune(rng, range(12), length, 40, 90) for _ in range(count)])
        for end in (0, -1):
            tunes[end] = draw_tune(rng, range(12), length, int(rng.integers(52, 56)), int(rng.integers(72, 78)))
        tunes[1] = REST if rng.random() < 0.5 else HOLD
        tunes[1, 0] = REST
        is_note = tunes < HOLD
        many = np.array([max(1, row.sum()) for row in is_note])
        edges = [tunes[end][is_note[end]] for end in (0, -1)]
        inside = lambda low, high, t=tunes, note=is_note: (note & (t >= low) & (t <= high)).sum(axis=1)
        ends = np.concatenate(edges)
        white = (is_note & (PIANO[tunes.astype(int) % 12] == 1)).sum(axis=1)
        share = (tunes[:-1] != tunes[1:]).sum(axis=1) / length
        both = is_note[1:] | is_note[:-1]
        what = say["what"].format(count=count)
        found = things(what, call(what, exercise.measure, tunes), 3)
        of_changes = {
            say["alike"]: 1 - share,
            say["to_first"]: (tunes[1:] != tunes[0]).sum(axis=1) / length,
            say["counts"]: share * length,
            say["notes"]: ((tunes[:-1] != tunes[1:]) & both).sum(axis=1) / np.maximum(1, both.sum(axis=1)),
            say["form"]: "shape",
        }
        compare(say["changes"].format(what=what), found[0], share, of_changes)
        of_keys = {
            say["of_steps"]: white / length,
            say["holds"]: (PIANO[tunes.astype(int) % 12] == 1).sum(axis=1) / many,
            say["nothing"]: "infinite",
        }
        compare(say["white"].format(what=what), found[1], white / many, of_keys)
        of_range = {
            say["one_end"]: inside(edges[0].min(), edges[0].max()) / many,
            say["other_end"]: inside(edges[1].min(), edges[1].max()) / many,
            say["all"]: inside(0, 127) / many,
            say["outside"]: 1 - inside(ends.min(), ends.max()) / many,
            say["open"]: inside(ends.min() + 1, ends.max() - 1) / many,
            say["of_steps"]: inside(ends.min(), ends.max()) / length,
            say["nothing"]: "infinite",
        }
        compare(say["range"].format(what=what), found[2], inside(ends.min(), ends.max()) / many, of_range)


@pytest.mark.points(1, "build")
def test_sound(exercise, rng):
    """The test listens: it finds the pitch and the beginning of each note in the samples."""
    say = SAY["sound"]
    for tempo, rate in ((int(rng.integers(130, 150)), 9000), (int(rng.integers(150, 170)), 8000)):
        steps = np.full(48, HOLD, np.uint8)
        pitches = rng.permutation(np.arange(55, 80))[:6]
        order = [HOLD, pitches[0], pitches[1], pitches[1], REST, pitches[2], pitches[3], pitches[4]]
        begins = [0, 4, 8, 12, 16, 24, 28, 36, 48]
        steps[begins[1:-1]] = order[1:]
        what = say["what"].format(tempo=tempo, rate=rate)
        found = np.asarray(call(what, exercise.sound, steps, tempo, rate))
        size = round(48 * 15 / tempo * rate)
        assert found.shape == (size,), differs(what, (size,), found.shape)
        assert found.dtype == np.float32, differs(what, "float32", found.dtype)
        assert np.isfinite(found).all() and np.abs(found).max() <= 1, say["loud"].format(found=np.abs(found).max())
        places = [round(begin * 15 / tempo * rate) for begin in begins]
        edge = rate // 400
        for begin, end, pitch in sorted(zip(places, places[1:], order), key=lambda one: one[2] < HOLD):
            heard = found[begin + edge : end - edge]
            if pitch >= HOLD:
                assert np.abs(heard).max() < 1e-3, say["silence"]
                continue
            told = say["note"].format(pitch=pitch, step=round(begin * tempo / 15 / rate))
            assert np.abs(heard).max() > 0.05, told + say["nothing"]
            right = 440 * 2 ** ((float(pitch) - 69) / 12)
            swings = loudest(heard, rate)
            causes = {"octave_down": right / 2, "octave_up": right * 2, "all_at_once": swings}
            near = lambda wrong, swings=swings: abs(swings / wrong - 1) < 0.01
            same = [say[name] for name, wrong in causes.items() if name != "all_at_once" and near(wrong)]
            assert near(right), told + say["pitch"].format(expected=right, found=swings) + cause_of(same)
            ends = max(np.abs(found[begin : begin + 3]).max(), np.abs(found[end - 3 : end]).max())
            assert ends < 0.15 * np.abs(heard).max(), told + say["clicks"]


def loudest(heard, rate):
    """How often the loudest wave in it swings in a second."""
    many = 2 ** (8 * len(heard)).bit_length()
    strength = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), many))
    return strength.argmax() * rate / many


# --- training ---------------------------------------------------------------------------------------------------------


@pytest.mark.points(2, "train")
@pytest.mark.seconds(90)
def test_train(exercise, rng):
    """Two bars of two tunes come back, also from codes with noise, for a fair price; between them there is a tune.

    One of both exists, the other one is made up; so it is with the other melodies.
    """
    say = SAY["train"]
    own, others = draw_melodies(rng)
    trained = exercise.train(own, others, 16, int(rng.integers(2**31)))
    mu, log_var = coded(exercise, trained, own)
    z = mu + np.exp(log_var / 2) * rng.standard_normal(mu.shape)
    kl = np.mean(np.sum(mu**2 + np.exp(log_var) - 1 - log_var, axis=1)) / 2
    again, noisy = (melodies(exercise, trained, codes) for codes in (mu, z))
    values = {"own": notes_back(again, own), "noisy": notes_back(noisy, own), "kl": kl}
    values["others"] = notes_back(melodies(exercise, trained, coded(exercise, trained, others)[0]), others)
    told = say["found"].format(**values)
    assert values["own"] >= OWN, told + say["own"].format(wanted=OWN)
    assert values["others"] >= OTHERS, told + say["others"].format(wanted=OTHERS)
    assert values["noisy"] >= NOISY, told + say["noisy"].format(wanted=NOISY)
    assert kl <= DEAREST, told + say["dear"].format(wanted=DEAREST)
    way = [on_the_arc(mu[0], mu[1], share) for share in np.linspace(0, 1, 13)]
    tunes = melodies(exercise, trained, np.array(way))
    change = np.mean(tunes[1:] != tunes[:-1], axis=1).max()
    notes = tunes[1:-1][tunes[1:-1] < HOLD].astype(int)
    white = PIANO[notes % 12].mean() if len(notes) else 0
    assert change <= STEADY, told + say["jumps"].format(wanted=STEADY, found=change)
    assert white >= WHITE, told + say["black"].format(wanted=WHITE, found=white)


def draw_melodies(rng):
    """Two own melodies and six others, of two bars; half of each kind from tunes that exist, half made up."""
    real = [all_tunes()[at] for at in rng.permutation(len(all_tunes()))]
    own, others = [], []
    for tunes in (real, [made_up(rng) for _ in range(20)]):
        own.append(pieces_right(tunes[0][:32], 32))
        rest = np.concatenate([pieces_right(tune, 32) for tune in tunes[1:]])
        others.append(rng.permutation(rest[(rest < HOLD).sum(axis=1) > 3])[:3])
    return np.uint8(np.concatenate(own)), np.uint8(np.concatenate(others))


def notes_back(found, right):
    return np.mean(found[right < HOLD] == right[right < HOLD])


def coded(exercise, trained, steps):
    """mu and log_var. A code says what its own melody was, whatever melodies came with it."""
    say, shape = SAY["train"], (len(steps), 16)
    codes = [np.asarray(one, float) for one in things(say["encode"], exercise.encode(trained, steps), 2)]
    for one in codes:
        assert one.shape == shape, differs(say["encode"], shape, one.shape)
        assert np.isfinite(one).all() and np.all(np.abs(one) < 1e4), say["finite"]
    alone = np.asarray(exercise.encode(trained, steps[:1])[0])
    assert np.allclose(codes[0][:1], alone, atol=1e-2), say["of_others"]
    return codes


def melodies(exercise, trained, z):
    say = SAY["train"]
    found = np.asarray(exercise.decode(trained, z.astype(np.float32)))
    assert found.shape == (len(z), 32), differs(say["decode"], (len(z), 32), found.shape)
    assert found.dtype == np.uint8 and found.max() <= REST, say["kinds"]
    return found


@cache
def all_tunes():
    """Tunes of minae of two bars or more, each moved to white keys."""
    from minae.data.melodies import read_tunes

    found = []
    for tune in read_tunes("tunes", []):
        steps = tune.pieces[0]
        worth = moves_by_merit(steps, np.sum)
        by = max(worth, key=lambda move: (worth[move], -abs(move)))
        if len(steps) >= 32 and worth[by] == (steps < HOLD).sum():
            found.append(moved(steps, by).astype(np.uint8))
    return found


RHYTHMS = ((4, 4, 4, 4), (8, 4, 4), (4, 2, 2, 4, 4), (6, 2, 4, 4), (2, 2, 2, 2, 8), (8, 8), (4, 4, 8))


def made_up(rng):
    """Four bars that wander over white keys, in small steps."""
    keys = [pitch for pitch in range(55, 82) if PIANO[pitch % 12]]
    place, steps = int(rng.integers(4, 12)), []
    for _ in range(4):
        for length in RHYTHMS[rng.integers(len(RHYTHMS))]:
            place = int(np.clip(place + rng.integers(-2, 3), 0, len(keys) - 1))
            steps += [keys[place], *[HOLD] * (length - 1)]
    return np.array(steps, np.uint8)
