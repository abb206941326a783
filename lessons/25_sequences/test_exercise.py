"""The public checks of exercise 25. Ten points. What they say stands in messages.toml.

Slopes are judged by the complex step of lesson 4: exact to rounding, and without a vjp. What a known mistake would give
comes from the same functions, with one path blocked.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, check_op, check_vjp, compare, kind, the_value, value_and_vjps

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, FORM = SAY["what"], SAY["form"]
TINY = 1e-30  # of the complex step: so small that its square is nothing


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


def slopes(function, inputs, place, g):
    """The slopes of Σ g function(*inputs) in the input at this place, one number after another."""
    found = np.zeros(inputs[place].shape)
    for at in np.ndindex(found.shape):
        moved = [np.array(one, dtype=complex) for one in inputs]
        moved[place][at] += 1j * TINY
        found[at] = (g * function(*moved)).sum().imag / TINY
    return found


def number(what, found):
    is_number = isinstance(found, (int, float, np.floating, np.ndarray)) and np.ndim(found) == 0
    assert is_number and np.isfinite(found), FORM["number"].format(what=what, found=kind(found))
    return float(found)


@pytest.mark.points(1, "build")
def test_embedding(exercise, rng):
    say = SAY["embedding"]
    for steps, n, k, size in shuffled(rng, [(5, 3, 4, 2), (1, 1, 7, 3), (11, 2, 3, 5)]):
        kinds, table = rng.integers(0, k - 1, (steps, n)), rng.standard_normal((k, size))
        kinds[-1, -1] = kinds[0, 0]  # one comes twice where it can, and the last kind never
        g, one_hot = rng.standard_normal((steps, n, size)), kinds[..., None] == np.arange(k)
        right = np.einsum("tnk,tne->ke", one_hot, g)
        once = right * 0
        for at in np.ndindex(kinds.shape):
            once[kinds[at]] = g[at]
        counts = one_hot.sum(axis=(0, 1))[:, None]
        of_table = {
            say["once"]: once,
            say["mean"]: right / np.maximum(counts, 1),
            say["of_steps"]: g,
            say["ones"]: counts * np.ones((k, size)),
            say["shape"]: "shape",
        }
        of_value = {say["columns"]: "shape raises"}
        what = WHAT["embedding"].format(steps=steps, n=n, k=k)
        op = lambda table, embedding=exercise.embedding, kinds=kinds: embedding(kinds, table)
        check_op(what, op, (table,), table[kinds], g, {"table": (right, of_table)}, of_value)


def plain(x, h, W, U, b):
    return np.tanh(np.einsum("ni,hi->nh", x, W) + np.einsum("nk,hk->nh", h, U) + b)


@pytest.mark.points(1, "build")
def test_plain_cell(exercise, rng):
    say = SAY["plain"]
    for n, i, size in shuffled(rng, [(3, 2, 4), (1, 3, 1), (5, 4, 4), (2, 3, 3)]):
        inputs = tuple(rng.standard_normal(shape) for shape in ((n, i), (n, size), (size, i), (size, size), size))
        g, (x, h, W, U, b) = rng.standard_normal((n, size)), inputs
        right = plain(*inputs)
        names, gradients = ("x", "h", "W", "U", "b"), {}
        for place, name in enumerate(names):
            straight = slopes(lambda *at: np.arctanh(plain(*at)), inputs, place, g)
            mistakes = {
                say["straight"]: straight,
                say["at_sum"]: slopes(plain, inputs, place, g * (1 - np.arctanh(right) ** 2) / (1 - right**2)),
                say["squared"]: slopes(plain, inputs, place, g * (1 - right**2)),
                say["no_g"]: slopes(plain, inputs, place, np.ones_like(g)),
                say["shape"]: "shape",
            }
            gradients[name] = (slopes(plain, inputs, place, g), mistakes)
        for place, matrix in ((0, W), (1, U)):
            if matrix.shape[0] == matrix.shape[1]:
                gradients[names[place]][1][say["turned"]] = (g * (1 - right**2)) @ matrix.T
        of_value = {
            say["no_tanh"]: np.arctanh(right),
            say["no_state"]: np.tanh(x @ W.T + b),
            say["no_bias"]: plain(x, h, W, U, 0 * b),
            say["turned"]: np.tanh(np.arctanh(right) + h @ (U - U.T)),
            say["rows"]: "shape raises",
        }
        check_op(WHAT["plain"].format(n=n, i=i, size=size), exercise.plain_cell, inputs, right, g, gradients, of_value)


def odd_cell(x, h, A, B):
    """A cell that nobody would take, to judge `through_time` by itself: sin(x A + B h), with B for each unit."""
    return np.sin(x @ A + B * h)


def with_vjps(x, h, A, B):
    inside = np.cos(x @ A + B * h)
    return np.sin(x @ A + B * h), (
        lambda g: (g * inside) @ A.T,
        lambda g: g * inside * B,
        lambda g: x.T @ (g * inside),
        lambda g: (g * inside * h).sum(axis=0),
    )


def run(x, h, A, B, *, lengths, steps_counted=None):
    """All states. With `steps_counted`, the weights move in these steps alone."""
    states = []
    for t, x_t in enumerate(x):
        still = steps_counted is not None and t not in steps_counted
        new = odd_cell(x_t, h, A.real if still else A, B.real if still else B)
        h = np.where((lengths > t)[:, None], new, h)
        states.append(h)
    return np.stack(states)


@pytest.mark.points(2, "build")
def test_through_time(exercise, rng):
    say = SAY["through"]
    for steps, lengths in shuffled(rng, [(5, (5, 5)), (6, (1, 6, 3)), (4, (2,)), (1, (1, 1, 1)), (7, (3, 5))]):
        n, i, size, ends = len(lengths), 2, 3, np.array(lengths)
        inputs = tuple(rng.uniform(0.3, 1.2, shape) for shape in ((steps, n, i), (n, size), (i, size), size))
        x, h, A, B = inputs
        g, what = rng.standard_normal((steps, n, size)), WHAT["through"].format(steps=steps, lengths=lengths)
        op = lambda x, h, A, B, ends=ends: exercise.through_time(with_vjps, x, h, (A, B), ends)
        forward = lambda *at, ends=ends: run(*at, lengths=ends)
        on_and_on = lambda *at, steps=steps, n=n: run(*at, lengths=np.full(n, steps))
        right = forward(*inputs)
        alone = [run(x[t : t + 1], h, A, B, lengths=np.full(n, 1))[0] for t in range(steps)]
        is_step = (np.arange(steps)[:, None] < ends)[..., None]
        of_value = {
            say["alone"]: np.where(is_step, alone, h),
            say["goes_on"]: on_and_on(*inputs),
            say["zeros"]: np.where(is_step, right, 0),
            say["one_more"]: run(x, h, A, B, lengths=ends + 1),
            say["last"]: right[-1],
            say["first_too"]: np.concatenate([h[None], right]),
        }
        found, vjps = value_and_vjps(what, op, inputs, ["x", "h", "A", "B"], of_value)
        compare(the_value(what), found, right, of_value)
        only_last, parts = np.zeros_like(g), [slopes(forward, inputs, place, g) for place in range(4)]
        only_last[-1] = g[-1]
        at_end = lambda *at, ends=ends, last=steps - 1: run(*at, lengths=ends, steps_counted={last})
        for place, name in enumerate(("x", "h", "A", "B")):
            mistakes = {
                say["last_state"]: slopes(forward, inputs, place, only_last),
                say["cut"]: cut(inputs, ends, place, g),
                say["runs_on"]: slopes(on_and_on, inputs, place, g),
                say["not_at_end"]: slopes(forward, inputs, place, np.where(is_step, g, 0)),
            }
            mistakes |= (
                {say["last_step"]: slopes(at_end, inputs, place, g), say["mean"]: parts[place] / steps}
                if place > 1
                else {}
            )
            check_vjp(what, name, vjps[place], g, parts[place], mistakes)


def cut(inputs, lengths, place, g):
    """The slopes if no signal goes from a step to the one before."""

    def function(x, h, A, B):
        states = []
        for t, x_t in enumerate(x):
            new = odd_cell(x_t, h, A, B)
            states.append(np.where((lengths > t)[:, None], new, h))
            h = states[-1].real
        return np.stack(states)

    return slopes(function, inputs, place, g)


def gru(x, h, W, U, b, c, by_r=None, by_z=None, old=None):
    """A GRU's next state. by_r, by_z and old stand for h where it is used for the gates, and where it is kept."""
    size = h.shape[1]
    by_r, by_z, old = (h if one is None else one for one in (by_r, by_z, old))
    part = lambda k, a: a[k * size : (k + 1) * size]
    r = gate(x @ part(0, W).T + part(0, b) + by_r @ part(0, U).T + part(0, c))
    z = gate(x @ part(1, W).T + part(1, b) + by_z @ part(1, U).T + part(1, c))
    new = np.tanh(x @ part(2, W).T + part(2, b) + r * (h @ part(2, U).T + part(2, c)))
    return new + z * (old - new)


def gate(a):
    return 1 / (1 + np.exp(-a))


def gru_values(say, x, h, W, U, b, c):
    """Mistakes of the value, by what they give."""
    swap = np.concatenate([np.arange(len(b)) // (len(b) // 3) == k for k in range(3)]).reshape(3, -1)
    order = np.concatenate([np.flatnonzero(swap[k]) for k in (1, 0, 2)])
    size = h.shape[1]
    r, z = (gate(x @ W.T + b + h @ U.T + c)[:, k * size : (k + 1) * size] for k in (0, 1))
    of_x, U_n, c_n = (x @ W.T + b)[:, 2 * size :], U[2 * size :], c[2 * size :]
    mix = lambda n: n + z * (h - n)
    n = np.tanh(of_x + r * (h @ U_n.T + c_n))
    return {
        say["swapped"]: h + z * (n - h),
        say["order"]: gru(x, h, W[order], U[order], b[order], c[order]),
        say["paper"]: mix(np.tanh(of_x + (r * h) @ U_n.T + c_n)),
        say["c_outside"]: mix(np.tanh(of_x + r * (h @ U_n.T) + c_n)),
        say["no_reset"]: mix(np.tanh(of_x + h @ U_n.T + c_n)),
        say["one_bias"]: gru(x, h, W, U, b, 0 * c),
        say["new_alone"]: n,
        say["raises"]: "shape raises",
    }


@pytest.mark.points(2, "build")
def test_gru_cell(exercise, rng):
    say = SAY["gru"]
    names = ("x", "h", "W", "U", "b", "c")
    for n, i, size in shuffled(rng, [(3, 2, 4), (1, 3, 1), (4, 4, 3)]):
        shapes = ((n, i), (n, size), (3 * size, i), (3 * size, size), 3 * size, 3 * size)
        inputs = tuple(rng.standard_normal(shape) for shape in shapes)
        (x, h, W, U, b, c), g = inputs, rng.standard_normal((n, size))
        gradients, (of_b, of_c) = {}, (alone(inputs, place, g) for place in (4, 5))
        to_h = slopes(gru, inputs, 1, g) + (of_b - of_c) @ U
        without_r = {"h": to_h, "U": of_b.T @ h, "c": of_b.sum(axis=0)}
        for place, name in enumerate(names):
            right = slopes(gru, inputs, place, g)
            words = (say["no_reset_path"], say["no_update_path"], say["no_new_path"])
            mistakes = {word: blocked(inputs, place, g, still) for still, word in enumerate(words)}
            mistakes |= {say["no_g"]: slopes(gru, inputs, place, np.ones_like(g)), say["shape"]: "shape"}
            if name == "h":
                kept = g * gate(x @ W.T + b + h @ U.T + c)[:, size : 2 * size]
                mistakes |= {say["no_keep"]: right - kept, say["only_keep"]: kept}
            mistakes |= {say["no_r"]: without_r[name]} if name in without_r else {}
            gradients[name] = (right, mistakes)
        what = WHAT["gru"].format(n=n, i=i, size=size)
        check_op(what, exercise.gru_cell, inputs, gru(*inputs), g, gradients, gru_values(say, *inputs))


def blocked(inputs, place, g, still):
    """The slopes if nothing comes back through one of the three parts: 0 the reset gate, 1 the update gate, 2 n."""

    def function(x, h, W, U, b, c):
        size, parts = h.shape[1], [x @ W.T + b, h @ U.T + c]
        rows = slice(still * size, (still + 1) * size)
        for part in parts:
            part[:, rows] = part[:, rows].real
        r, z = (gate((parts[0] + parts[1])[:, k * size : (k + 1) * size]) for k in (0, 1))
        new = np.tanh(parts[0][:, 2 * size :] + r * parts[1][:, 2 * size :])
        return new + z * (h - new)

    return slopes(function, inputs, place, g)


def alone(inputs, place, g):
    """The slopes of this bias for each sequence by itself, (N, 3H)."""
    x, h, *weights = inputs
    rows = [slice(k, k + 1) for k in range(len(x))]
    return np.array([slopes(gru, (x[row], h[row], *weights), place, g[row]) for row in rows])


def counter(k, by):
    """A model without chance: the next kind depends on the one heard, and on how many were heard before."""

    def step(kinds, state):
        following = (by * np.asarray(kinds) + state) % k
        return 900 + 100.0 * (following[:, None] == np.arange(k)), state + 1

    return step


@pytest.mark.points(1, "build")
def test_continued(exercise, rng):
    say = SAY["continued"]
    for beginning, n, count, k in shuffled(rng, [(1, 3, 5, 7), (4, 2, 6, 5), (3, 1, 1, 11)]):
        by, start, seed = int(rng.integers(2, 4)), rng.integers(0, k, (beginning, n)), int(rng.integers(1_000_000))
        what, first = WHAT["continued"].format(beginning=beginning, count=count), rng.integers(0, k, n)
        right = follow(start, first, count, k, by)
        mistakes = {
            say["with_start"]: np.concatenate([start, right]),
            say["not_heard"]: follow(start[-1:], first, count, k, by),
            say["twice"]: follow(np.concatenate([start, start[-1:]]), first, count, k, by),
            say["deaf"]: follow(start, first, count, k, by, hears=False),
            say["frozen"]: follow(start, first, count, k, by, counts=False),
            say["infinite"]: np.zeros_like(right),
            say["raises"]: "raises infinite",
            say["shape"]: "shape",
        }
        model = counter(k, by)
        found = call(what, exercise.continued, model, first, start, count, seed, mistakes=mistakes)
        compare(what, found, right, mistakes, any_dtype=True)
    judge_chance(exercise, rng, say)


def follow(start, state, count, k, by, hears=True, counts=True):
    state = state + len(start) - 1
    kinds, rows = start[-1], []
    for _ in range(count):
        following = (by * kinds + state) % k
        rows.append(following)
        kinds, state = (following if hears else kinds), state + counts
    return np.stack(rows)


def judge_chance(exercise, rng, say):
    """How often each kind is drawn, within 5 standard deviations; and whether melodies go different ways."""
    n, count, k, what = 2_000, 3, 4, WHAT["chance"]
    p, seed = rng.permutation([0.1, 0.2, 0.3, 0.4]), int(rng.integers(1_000_000))
    step = lambda kinds, state: (np.log(p) + np.zeros((n, 1)) + 100, state)
    ask = lambda seed: np.asarray(
        call(what, exercise.continued, step, np.zeros((n, 1)), np.zeros((1, n), int), count, seed)
    )
    found = ask(seed)
    assert found.shape == (count, n), FORM["shape"].format(what=what, expected=(count, n), found=found.shape)
    assert (found == ask(seed)).all(), say["unseeded"].format(what=what)
    assert (found != ask(seed + 1)).any(), say["no_dice"].format(what=what)
    assert (found != found[:, :1]).any(), say["one_die"].format(what=what)
    assert (found != found[:1]).any(), say["once"].format(what=what)
    for one, share in enumerate(p):
        times = int((found == one).sum())
        error = np.sqrt(count * n * share * (1 - share))
        text = say["shares"].format(what=what, kind=one, expected=count * n * share, found=times)
        flat = say["equal"] if abs(times - count * n / k) < 5 * error else say["likeliest"]
        assert abs(times - count * n * share) < 5 * error, text + cause_of([flat])


@pytest.mark.points(1, "debug")
def test_nats_per_step(exercise, rng):
    say = SAY["nats"]
    for steps, lengths, k in shuffled(rng, [(7, (7, 2, 4), 5), (5, (1, 3), 3), (6, (6, 6, 6, 6), 4), (9, (2,), 6)]):
        n, ends = len(lengths), np.array(lengths)
        kinds, logits = rng.integers(0, k - 1, (steps, n)), 2 * rng.standard_normal((steps, n, k))
        kinds[np.arange(steps)[:, None] >= ends] = k - 1  # the hold
        p = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
        each = [[-np.log(p[t, j, kinds[t, j]]) for t in range(steps)] for j in range(n)]
        total = sum(sum(row[:end]) for row, end in zip(each, lengths))
        mistakes = {
            say["as_it_was"]: np.mean(each),
            say["shrunk"]: total / (steps * n),
            say["of_means"]: np.mean([np.mean(row[:end]) for row, end in zip(each, lengths)]),
            say["of_sums"]: total / n,
            say["one_more"]: sum(sum(row[: end + 1]) for row, end in zip(each, lengths))
            / np.minimum(ends + 1, steps).sum(),
            say["no_holds"]: "infinite",
        }
        what = WHAT["nats"].format(lengths=lengths, steps=steps)
        compare(what, call(what, exercise.nats_per_step, logits, kinds, ends), total / ends.sum(), mistakes)


@pytest.mark.points(1, "debug")
def test_surprises(exercise, rng):
    say = SAY["surprises"]
    for lengths in shuffled(rng, [(4, 2, 5), (1, 1), (3, 6)]):
        k, first = 5, rng.standard_normal((1, 3))
        A, B, C = (rng.standard_normal(shape) for shape in ((k, 3), (3, 3), (3, k)))

        def step(kinds, state, A=A, B=B, C=C):
            state = np.tanh(A[kinds] + state @ B)
            return 2 * state @ C, state

        begin, tunes = k - 1, [rng.integers(0, k - 1, length) for length in lengths]
        inputs, what = (step, first, begin, tunes), WHAT["surprises"].format(lengths=lengths)
        right = costs(*inputs, set())
        mistakes = {say["both"]: costs(*inputs, {"state", "kind"})}
        mistakes |= {say[word]: costs(*inputs, {word}) for word in ("state", "kind")}
        mistakes |= {say["per_step"]: right / lengths, say["minus"]: -right, say["shape"]: "shape"}
        compare(what, call(what, exercise.surprises, *inputs), right, mistakes)


def costs(step, first, begin, tunes, leaks):
    found, state, last = [], first, begin
    for tune in tunes:
        state, last = (state if "state" in leaks else first), (last if "kind" in leaks else begin)
        p = []
        for one in tune:
            logits, state = step(np.array([last]), state)
            p.append(np.exp(logits[0, one]) / np.exp(logits).sum())
            last = one
        found.append(-np.log(p).sum())
    return np.array(found)


@pytest.mark.points(1, "experiment")
def test_kept(exercise, rng):
    say = SAY["kept"]
    for n, i, size, steps in shuffled(rng, [(3, 2, 4, 5), (1, 3, 2, 9), (2, 2, 3, 1)]):
        shapes = ((3 * size, i), (3 * size, size), 3 * size, 3 * size)
        weights = tuple(0.5 * rng.standard_normal(shape) for shape in shapes)
        x, h, g = (rng.standard_normal(shape) for shape in ((steps, n, i), (n, size), (n, size)))
        bias, what = float(rng.uniform(1, 3)), WHAT["kept"].format(steps=steps)
        inputs = (bias, x, h, weights, g)
        share = lambda rows, inputs=inputs, **options: arrived(rows, *inputs, **options)
        right = share({1})
        mistakes = {
            say["reset"]: share({0}),
            say["all"]: share({0, 1, 2}),
            say["new"]: share({2}),
            say["none"]: share(set()),
            say["squared"]: right**2,
            say["upside_down"]: 1 / right,
            say["no_ratio"]: right * np.sqrt((g**2).sum()),
            say["every_state"]: share({1}, every=True),
        }
        found = number(what, call(what, exercise.kept, *inputs))
        compare(what, found, right, mistakes, any_dtype=True)
    line = exercise.WHY_IT_KEEPS
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]


def arrived(rows, bias, x, h, weights, g, every=False):
    W, U, b, c = weights
    parts = b.reshape(3, -1) + bias * np.array([[k in rows] for k in range(3)])

    def last(h):
        total = 0
        for x_t in x:
            h = gru(x_t, h, W, U, parts.ravel(), c)
            total = total + h
        return total if every else h

    return np.sqrt((slopes(last, (h,), 0, g) ** 2).sum() / (g**2).sum())
