"""The public checks of exercise 26. Ten points. What they say stands in messages.toml.

The decoders are small and made of random numbers. What is drawn is judged by z-tests at 5 sigma.
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


def array(what, found, shape):
    """What came, as an array of this shape."""
    is_right = isinstance(found, np.ndarray) and found.shape == shape
    assert is_right, FORM["shape"].format(what=what, expected=shape, found=kind(found))
    return found


def far(found, p, variance, count):
    """Is the mean of `count` draws with this mean and variance more than 5 sigma from it?"""
    return abs(found - p) > 5 * np.sqrt(variance / count)


def rows(x, kinds):
    return (x[..., None] == np.arange(kinds)).astype(float)


def before(x, kinds):
    """What is told without dropout: (T, N, kinds)."""
    told = np.zeros((*x.T.shape, kinds))
    told[1:] = rows(x.T[:-1], kinds)
    return told


@pytest.mark.points(1, "build")
def test_steps_before(exercise, rng):
    say = SAY["before"]
    for n, length, kinds in shuffled(rng, [(3, 7, 5), (5, 2, 11), (1, 4, 3)]):
        x, what = rng.integers(0, kinds, (n, length)), WHAT["before"].format(n=n, length=length)
        x[:, 0], x[:, -1] = 1, 2  # so that no two of the mistakes are alike
        right = before(x, kinds)
        itself = rows(x.T, kinds)
        mistakes = {
            say["itself"]: itself,
            say["rolled"]: np.roll(itself, 1, axis=0),
            say["after"]: np.concatenate([itself[1:], 0 * itself[:1]]),
            say["first"]: np.concatenate([itself[:1], itself[:-1]]),
            say["shape"]: "shape",
        }
        seed = int(rng.integers(1_000_000))
        mistakes |= {say["turned"]: 0 * right}
        compare(what, call(what, exercise.steps_before, x, kinds, 0.0, seed), right, mistakes, any_dtype=True)
        found = call(what, exercise.steps_before, x, kinds, 1.0, seed)
        compare(WHAT["all_withheld"].format(what=what), found, 0 * right, {say["all"]: right}, any_dtype=True)
    n, length, kinds, p = 200, 31, 5, rng.uniform(0.2, 0.4)
    x, seed, what = rng.integers(0, kinds, (n, length)), int(rng.integers(1_000_000)), WHAT["dropout"].format(p=p)
    ask = lambda seed: array(what, call(what, exercise.steps_before, x, kinds, p, seed), (length, n, kinds))
    found, again, other = ask(seed), ask(seed), ask(seed + 1)
    right = before(x, kinds)
    heard = found.max(axis=2) > 0
    assert not heard[0].any(), say["first"]
    is_told = np.abs(found - right * heard[:, :, None]).max() < 1e-12
    scaled = np.abs(found * (1 - p) - right * heard[:, :, None]).max() < 1e-12
    assert is_told, say["rows"].format(what=what) + cause_of([say["scaled"]] if scaled else [])
    gone = ~heard[1:]
    q = gone.mean()
    pairs = {name: (gone & np.roll(gone, 1, axis=axis)).mean() for axis, name in enumerate(("of_time", "of_melodies"))}
    name = max(pairs, key=lambda name: abs(pairs[name] - q**2))
    assert not far(pairs[name], q**2, (q - q**2) ** 2, gone.size), say[name].format(what=what)
    text = say["share"].format(what=what, expected=p, found=q)
    turned = not far(q, 1 - p, p * (1 - p), gone.size)
    assert not far(q, p, p * (1 - p), gone.size), text + cause_of([say["turned"]] if turned else [])
    assert np.array_equal(found, again), say["unseeded"].format(what=what)
    assert not np.array_equal(found, other), say["frozen"].format(what=what)


def small_decoder(rng, kinds, latent, units, size):
    """A step function with random weights, and logits around -size, 0 or size."""
    W, V, U = (rng.standard_normal((inputs, units)) for inputs in (kinds, latent, units))
    out, shift = 3 * rng.standard_normal((units, kinds)), rng.choice([-size, 0.0, size])

    def step(before, z, state):
        state = np.tanh(before @ W * 2 + z @ V + state @ U)
        return state @ out + shift, state

    return step


def likeliest(step, state, z, length, kinds, hears=True, remembers=True):
    """What a decoder writes: the likeliest steps, and some mistakes."""
    told, now = np.zeros((len(z), kinds)), state
    chosen: list[np.ndarray] = []
    while len(chosen) < length:
        logits, new = step(told, z, now)
        now = new if remembers else state
        chosen.append(logits.argmax(axis=1))
        told = rows(chosen[-1], kinds) if hears else told
    return np.array(chosen).T


def chances(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()


@pytest.mark.points(2, "build")
def test_free_run(exercise, rng):
    say, seed = SAY["free_run"], int(rng.integers(1_000_000))
    for n, length, kinds, latent, units in shuffled(rng, [(7, 11, 5, 3, 13), (11, 6, 7, 2, 17)]):
        step = small_decoder(rng, kinds, latent, units, 2000)
        state, z = rng.standard_normal((n, units)), rng.standard_normal((n, latent))
        inputs, what = (step, state, z, length, kinds), WHAT["likeliest"].format(n=n, length=length)
        mistakes = {
            say["deaf"]: likeliest(*inputs, hears=False),
            say["forgets"]: likeliest(*inputs, remembers=False),
            say["zero"]: np.zeros((n, length)),
            say["shape"]: "shape",
        }
        found = call(what, exercise.free_run, *inputs, 0, seed, mistakes={say["zero"]: "raises infinite"})
        compare(what, found, likeliest(*inputs), mistakes, any_dtype=True)

    kinds, T, n = 5, rng.choice([0.5, 2.0]) * rng.uniform(0.9, 1.1), 20_000
    logits, z = rng.permutation([0.0, 0.5, 1.0, 1.5, 2.0]), np.zeros((n, 2))
    shift = rng.choice([-2000.0, 2000.0])
    blind = lambda before, z, state: (np.tile(logits + shift, (len(z), 1)), state)
    what = WHAT["temperature"].format(T=T)
    ask = lambda seed: array(what, call(what, exercise.free_run, blind, None, z, 3, kinds, T, seed), (n, 3))
    found = ask(seed)
    causes = {"times": logits * T, "ignored": logits, "likeliest": 1e9 * logits, "uniform": 0 * logits}
    for chosen in found.T:
        share = rows(chosen, kinds).mean(axis=0)
        fits = lambda logits, share=share: not far(share, p := chances(logits), p * (1 - p) + 1e-9, n).any()
        same = [say[name] for name, wrong in causes.items() if fits(wrong)]
        text = say["share"].format(what=what, expected=np.round(chances(logits / T), 3), found=np.round(share, 3))
        assert fits(logits / T), text + cause_of(same)
    both = (found[:, 0] == found[:, 1]).mean()
    p = (chances(logits / T) ** 2).sum()
    assert not far(both, p, p * (1 - p), n), say["one_throw"].format(what=what)
    assert np.array_equal(found, ask(seed)), say["unseeded"].format(what=what)
    assert not np.array_equal(found, ask(seed + 1)), say["frozen"].format(what=what)

    kinds = 7
    turn = np.roll(np.arange(kinds), int(rng.integers(1, kinds)))  # what must follow each kind
    follow = lambda before, z, state: (2000 * before @ rows(turn, kinds), state)
    found = array(
        WHAT["follow"], call(WHAT["follow"], exercise.free_run, follow, None, z[:50], 6, kinds, 1.0, seed), (50, 6)
    )
    assert np.array_equal(found[:, 1:], turn[found[:, :-1]]), say["not_its_own"]


@pytest.mark.points(2, "build")
def test_free_bits(exercise, rng):
    say = SAY["bits"]
    for n, latent in shuffled(rng, [(9, 3), (6, 1), (11, 5)]):
        mu, log_var = (
            rng.standard_normal((n, latent)),
            rng.choice([-1.0, 1.0], (n, latent)) * rng.uniform(0.3, 1.5, (n, latent)),
        )
        var, g = np.exp(log_var), rng.standard_normal(n)
        each = (mu * mu + var - log_var - 1) / 2
        kl = each.sum(axis=1)
        nats = np.sort(kl)[n // 2 - 1 : n // 2 + 1].mean()  # half of the codes cost something
        free = nats / np.log(2)
        gate = (kl > nats)[:, None]
        of_value = {
            say["in_nats"]: np.maximum(kl - free, 0),
            say["never_free"]: kl,
            say["negative"]: kl - nats,
            say["counted"]: np.maximum(kl, nats),
            say["each_number"]: np.maximum(each - nats, 0).sum(axis=1),
            say["shared_out"]: np.maximum(each - nats / latent, 0).sum(axis=1),
            say["of_the_batch"]: np.full(n, max(kl.mean() - nats, 0)),
            say["no_half"]: np.maximum(2 * kl - nats, 0),
            say["shape"]: "shape",
        }
        of = lambda slope, gate=gate, g=g, kl=kl, nats=nats: {
            say["open"]: g[:, None] * slope,
            say["turned"]: g[:, None] * slope * ~gate,
            say["no_g"]: slope * gate,
            say["times_charge"]: g[:, None] * slope * np.maximum(kl - nats, 0)[:, None],
            say["shape"]: "shape",
        }
        in_mu, in_log_var = mu, (var - 1) / 2
        gradients = {
            "mu": (g[:, None] * gate * in_mu, of(in_mu)),
            "log_var": (g[:, None] * gate * in_log_var, {say["half"]: g[:, None] * gate * (var - 1), **of(in_log_var)}),
        }
        right = np.where(gate[:, 0], kl - nats, 0)
        op = lambda mu, log_var, free=free: exercise.free_bits(mu, log_var, free)
        check_op(WHAT["bits"].format(n=n), op, (mu, log_var), right, g, gradients, of_value, (np.float64,))


@pytest.mark.points(1, "build")
def test_journey(exercise, rng):
    say = SAY["journey"]
    for latent, count in shuffled(rng, [(2, 13), (7, 5), (24, 2), (3, 4)]):
        a, b = rng.standard_normal((2, latent))
        s = np.linspace(0, 1, count)[:, None]
        angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
        parts = [np.sin(share * angle) / np.sin(angle) for share in (1 - s, s)]
        right = parts[0] * a + parts[1] * b
        units = a / np.linalg.norm(a), b / np.linalg.norm(b)
        inner = np.linspace(0, 1, count + 1)[:-1, None]
        mistakes = {
            say["straight"]: (1 - s) * a + s * b,
            say["roots"]: np.sqrt(1 - s) * a + np.sqrt(s) * b,
            say["units"]: parts[0] * units[0] + parts[1] * units[1],
            say["backwards"]: right[::-1],
            say["no_end"]: (np.sin((1 - inner) * angle) * a + np.sin(inner * angle) * b) / np.sin(angle),
            say["shape"]: "shape",
        }
        what = WHAT["journey"].format(count=count, latent=latent)
        compare(what, call(what, exercise.journey, a, b, count), right, mistakes)
    a = rng.permutation([3.0, 4.0, 0.0, 0.0]) * rng.choice([-1.0, 1.0]) * rng.choice([0.5, 1.0, 2.0])
    c = rng.choice([0.5, 1.0, 2.0])  # so that the cosine is 1 to the last bit
    s, mistakes = np.linspace(0, 1, 6)[:, None], {say["same"]: "raises infinite"}
    found = call(WHAT["same_way"], exercise.journey, a, c * a, 6, mistakes=mistakes)
    compare(WHAT["same_way"], found, (1 - s) * a + s * c * a, mistakes)


@pytest.mark.points(1, "build")
def test_attribute_vector(exercise, rng):
    say = SAY["attribute"]
    for n, latent in shuffled(rng, [(40, 3), (23, 7), (9, 2)]):
        z, amount = rng.standard_normal((n, latent)), rng.integers(2, 12, n)
        low, high = np.quantile(amount, (0.25, 0.75))
        few, many = amount <= low, amount >= high
        right = z[many].mean(axis=0) - z[few].mean(axis=0)
        half = amount > np.median(amount)
        weight = amount - amount.mean()
        rank = np.argsort(amount, kind="stable")
        mistakes = {
            say["turned"]: -right,
            say["halves"]: z[half].mean(axis=0) - z[~half].mean(axis=0),
            say["from_all"]: z[many].mean(axis=0) - z.mean(axis=0),
            say["many_alone"]: z[many].mean(axis=0),
            say["sums"]: z[many].sum(axis=0) - z[few].sum(axis=0),
            say["extremes"]: z[rank[-1]] - z[rank[0]],
            say["limits"]: z[amount > high].mean(axis=0) - z[amount < low].mean(axis=0)
            if (amount > high).any() and (amount < low).any()
            else "infinite raises",
            say["slope"]: weight @ z / (weight @ weight),
            say["shape"]: "shape",
        }
        what = WHAT["attribute"].format(n=n)
        compare(what, call(what, exercise.attribute_vector, z, amount, mistakes=mistakes), right, mistakes)


def log_chances(logits):
    shifted = logits - logits.max(axis=2, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))


@pytest.mark.points(1, "debug")
def test_negative_elbo(exercise, rng):
    say = SAY["elbo"]
    for n, length, kinds, latent in shuffled(rng, [(5, 7, 11, 3), (3, 8, 5, 2)]):
        x, (z, mu) = rng.integers(0, kinds, (n, length)), rng.standard_normal((2, n, latent))
        log_var = rng.choice([-1.0, 1.0], (n, latent)) * rng.uniform(0.3, 1.2, (n, latent))
        x[:, 0], x[:, -1] = 1, 2
        W, V = rng.standard_normal((kinds, kinds)), rng.standard_normal((latent, kinds))

        def logits_of(told, z, W=W, V=V):
            return np.cumsum(told, axis=0) @ W + z @ V

        kl = ((mu * mu + np.exp(log_var) - log_var - 1) / 2).sum(axis=1)

        def nats(told, x=x, z=z, kinds=kinds, logits_of=logits_of):
            """Of each step of each melody, (T, N)."""
            return -(log_chances(logits_of(told, z)) * rows(x.T, kinds)).sum(axis=2)

        itself, right = rows(x.T, kinds), nats(before(x, kinds))
        after = np.concatenate([itself[1:], 0 * itself[:1]])
        mistakes = {
            say["as_it_was"]: nats(itself).mean() + kl.mean(),
            say["still_itself"]: nats(itself).sum(axis=0).mean() + kl.mean(),
            say["still_mean"]: right.mean() + kl.mean(),
            say["rolled"]: nats(np.roll(itself, 1, axis=0)).sum(axis=0).mean() + kl.mean(),
            say["after"]: nats(after).sum(axis=0).mean() + kl.mean(),
            say["added_up"]: right.sum() + kl.sum(),
            say["of_steps"]: right.mean() + kl.mean() / length,
            say["no_kl"]: right.sum(axis=0).mean(),
            say["minus"]: -(right.sum(axis=0) + kl).mean(),
        }
        what = WHAT["elbo"].format(n=n, length=length)
        found = call(what, exercise.negative_elbo, x, z, mu, log_var, logits_of, kinds)
        compare(what, found, right.sum(axis=0).mean() + kl.mean(), mistakes)


@pytest.mark.points(1, "debug")
def test_notes_found(exercise, rng):
    say = SAY["notes"]
    for n, length, pitches, latent, units in shuffled(rng, [(40, 7, 5, 3, 13), (23, 9, 7, 2, 11)]):
        kinds = pitches + 2
        step = small_decoder(rng, kinds, latent, units, 100)
        state, z = rng.standard_normal((n, units)), rng.standard_normal((n, latent))
        free = likeliest(step, state, z, length, kinds)
        x = np.where(rng.random((n, length)) < 0.6, free, rng.integers(0, kinds, (n, length)))
        x[:, 0] = np.where(rng.random(n) < 0.5, kinds - 1, x[:, 0])
        told, now, chosen = before(x, kinds), state, []
        for row in told:
            logits, now = step(row, z, now)
            chosen.append(logits.argmax(axis=1))
        forced, notes = np.array(chosen).T, x < pitches
        mistakes = {
            say["as_it_was"]: (forced == x).mean(),
            say["still_told"]: (forced == x)[notes].mean(),
            say["still_all"]: (free == x).mean(),
            say["of_found"]: (free == x)[free < pitches].mean(),
            say["of_steps"]: ((free == x) & notes).mean(),
            say["where"]: (free < pitches)[notes].mean(),
            say["one"]: (free == x)[x <= pitches].mean(),
        }
        what = WHAT["notes"].format(n=n, length=length)
        found = call(what, exercise.notes_found, x, z, state, step, kinds, pitches)
        compare(what, found, (free == x)[notes].mean(), mistakes)


def entropies(x, kinds):
    """Nats of a step: told the one before, and not; not, for steps from the first on; and told the one after."""
    pairs = sum(rows(a, kinds).T @ rows(b, kinds) for a, b in zip(x[:, :-1].T, x[:, 1:].T, strict=True)) / x[:, 1:].size
    nats = lambda p: -(p[p > 0] * np.log(p[p > 0])).sum()
    together, one, other = nats(pairs), nats(pairs.sum(axis=1)), nats(pairs.sum(axis=0))
    every = nats(rows(x, kinds).mean(axis=(0, 1)))
    return together - one, other, every, together


@pytest.mark.points(1, "experiment")
def test_nats_left(exercise, rng):
    say = SAY["nats"]
    for n, length, kinds in shuffled(rng, [(40, 9, 5), (3, 200, 7), (25, 12, 3)]):
        x = np.zeros((n, length), int)
        x[:, 0] = rng.integers(0, kinds - 1, n)
        habits = np.cumsum(rng.dirichlet(np.full(kinds - 1, 0.3), kinds - 1), axis=1)  # the last kind does not occur
        for t in range(1, length):
            x[:, t] = (rng.random(n)[:, None] > habits[x[:, t - 1]]).sum(axis=1).clip(0, kinds - 2)
        told, blind, every, together = entropies(x, kinds)
        for p in (0.0, 1.0, rng.uniform(0.2, 0.4)):
            right = p * blind + (1 - p) * told
            mistakes = {
                say["turned"]: p * told + (1 - p) * blind,
                say["ignored"]: told,
                say["blind"]: blind,
                say["first"]: p * every + (1 - p) * told,
                say["together"]: p * blind + (1 - p) * together,
                say["bits"]: right / np.log(2),
                say["minus"]: -right,
                say["summed"]: right * x[:, 1:].size,
                say["melody"]: right * (length - 1),
                say["infinite"]: "infinite raises",
            }
            what = WHAT["nats"].format(n=n, length=length, p=p)
            compare(what, call(what, exercise.nats_left, x, kinds, p, mistakes=mistakes), right, mistakes)
    line = exercise.WHY_IT_LISTENS
    assert isinstance(line, str) and len(line.split()) > 2, say["no_line"]
