"""The project of Part V: one solution."""

import re
from itertools import pairwise

import numpy as np
from earlier import (
    adam,
    cross_entropy,
    free_bits,
    free_run,
    gru_cell,
    init_weight,
    journey,
    linear,
    reparameterize,
    steps_before,
)

HOLD, REST = 128, 129
LOWEST, KINDS = 36, 63
BAR = 16
WHITE = (0, 2, 4, 5, 7, 9, 11)
TOKEN = re.compile(r"(\|)|([\^_=]?)([A-Ga-gz])([,']*)(\d*)(/?)(\d*)")
HIDDEN, BATCH_SIZE, LR = 48, 16, 0.01
DROPOUT, BETA, LONGEST = 0.5, 0.02, 5.0


def kinds_of(steps):
    return np.where(steps < HOLD, steps, steps - 31).astype(np.int64) - LOWEST


def steps_of(kinds):
    steps = np.asarray(kinds) + LOWEST
    return np.where(steps <= 96, steps, steps + 31).astype(np.uint8)


def read_tune(text):
    steps, altered, rests = list[int](), dict[tuple[str, str], int](), False
    for bar_line, sign, letter, octaves, times, slash, parts in TOKEN.findall(text):
        if bar_line:
            altered = {}
            continue
        place = letter, octaves
        if sign:
            altered[place] = {"^": 1, "_": -1, "=": 0}[sign]
        pitch = 60 + WHITE["CDEFGAB".find(letter.upper())] + 12 * letter.islower()
        pitch += 12 * (octaves.count("'") - octaves.count(",")) + altered.get(place, 0)
        first = pitch if letter != "z" else HOLD if rests else REST
        rests = letter == "z"
        length = 2 * int(times or 1) // (int(parts or 2) if slash else 1)
        steps += [first] + [HOLD] * (length - 1)
    missing = -len(steps) % BAR
    steps += [HOLD if rests else REST] * (missing > 0) + [HOLD] * (missing - 1)
    return np.asarray(steps, dtype=np.uint8)


def is_white(pitches):
    return np.isin(pitches % 12, WHITE)


def to_one_key(steps):
    note, wide = steps < HOLD, steps.astype(np.int64)
    fits = {move: is_white(wide[note] + move).sum() for move in range(-6, 6)}
    best = max(fits, key=lambda move: (fits[move], -abs(move), -move))
    return np.where(note, wide + best, wide).astype(np.uint8)


def cut(steps, every):
    begun = np.maximum.accumulate(np.where(steps == HOLD, 0, np.arange(len(steps))))
    starts = np.arange(0, len(steps) - 2 * BAR + 1, every)
    pieces = steps[starts[:, None] + np.arange(2 * BAR)]
    pieces[:, 0] = steps[begun[starts]]
    return pieces


def sigmoid(a):
    return (1 + np.tanh(a / 2)) / 2


def gru(x, h, weights):
    W, U, b, c = weights
    from_x, units = x @ W.T + b, h.shape[1]
    states, gates, from_h = [h], [], []
    for now in from_x:
        added = h @ U.T + c
        both = sigmoid(now[:, : 2 * units] + added[:, : 2 * units])
        r, z = both[:, :units], both[:, units:]
        n = np.tanh(now[:, 2 * units :] + r * added[:, 2 * units :])
        h = n + z * (h - n)
        states.append(h)
        gates.append((r, z, n))
        from_h.append(added[:, 2 * units :])
    before = np.array(states[:-1])

    def vjp(g):
        r, z, n = np.array(gates).swapaxes(0, 1)
        of_n, of_z, of_r = (1 - z) * (1 - n * n), (before - n) * z * (1 - z), np.array(from_h) * r * (1 - r)
        to_x, to_h, arrived = np.empty_like(from_x), np.empty_like(from_x), np.zeros_like(h)
        for t in reversed(range(len(x))):
            arrived = arrived + g[t]
            d_n, d_z = arrived * of_n[t], arrived * of_z[t]
            d_r = d_n * of_r[t]
            to_x[t] = np.concatenate([d_r, d_z, d_n], axis=1)
            to_h[t] = np.concatenate([d_r, d_z, d_n * r[t]], axis=1)
            arrived = arrived * z[t] + to_h[t] @ U
        slopes = rows(to_x).T @ rows(x), rows(to_h).T @ rows(before), rows(to_x).sum(axis=0), rows(to_h).sum(axis=0)
        return to_x @ W, arrived, slopes

    return np.array(states[1:]), vjp


def rows(array):
    return array.reshape(-1, array.shape[-1])


def read(vae, x, kinds):
    """What the encoder says, mu beside log_var, and its way back to the slopes of its three parts."""
    forward, backward, to_code = vae[:3]
    seen = np.eye(kinds, dtype=forward[0].dtype)[x.T]
    start = np.zeros((len(x), forward[1].shape[1]), seen.dtype)
    one, of_one = gru(seen, start, forward)
    two, of_two = gru(seen[::-1], start, backward)
    both, vjps = linear(np.hstack([one[-1], two[-1]]), *to_code)

    def vjp(g):
        of_states, of_weight, of_bias = (back(g) for back in vjps)
        last = np.zeros((len(one), *of_states.shape), seen.dtype)
        last[-1] = of_states
        units = start.shape[1]
        return of_one(last[:, :, :units])[2], of_two(last[:, :, units:])[2], (of_weight, of_bias)

    return both, vjp


def negative_elbo(vae, x, told, eps, beta):
    to_state, decoder, to_logits = vae[3:]
    both, to_encoder = read(vae, x, told.shape[2])
    mu, log_var = np.split(both, 2, axis=1)
    z, (sample_to_mu, sample_to_log_var) = reparameterize(mu, log_var, eps)
    inside, state_vjps = linear(z, *to_state)
    each_time = np.broadcast_to(z, (len(told), *z.shape))
    states, to_decoder = gru(np.concatenate([told, each_time], axis=2), np.tanh(inside), decoder)
    logits, logit_vjps = linear(rows(states), *to_logits)
    nats, (to_nats,) = cross_entropy(logits, x.T.reshape(-1))
    kl, (kl_to_mu, kl_to_log_var) = free_bits(mu, log_var, 0)

    length = len(told)
    of_states, *of_to_logits = (vjp(to_nats(length)) for vjp in logit_vjps)
    of_input, of_state, of_decoder = to_decoder(of_states.reshape(states.shape))
    of_z, *of_to_state = (vjp(of_state * (1 - np.tanh(inside) ** 2)) for vjp in state_vjps)
    of_z = of_z + of_input[:, :, told.shape[2] :].sum(axis=0)
    each = np.full_like(kl, beta / len(x))
    of_both = sample_to_mu(of_z) + kl_to_mu(each), sample_to_log_var(of_z) + kl_to_log_var(each)
    of_encoder = to_encoder(np.hstack(of_both))
    return length * nats, kl.mean(), (*of_encoder, tuple(of_to_state), of_decoder, tuple(of_to_logits))


def new_gru(inputs, units, seed):
    """Rows of one number are seen well from the start: their weights begin larger."""
    W, U = (init_weight(3 * units, size, [*seed, size]).astype(np.float32) / np.sqrt(2) for size in (inputs, units))
    W[:, :KINDS] *= np.sqrt(inputs)
    return W, U, np.zeros(3 * units, np.float32), np.zeros(3 * units, np.float32)


def new_linear(outputs, inputs, seed):
    return init_weight(outputs, inputs, seed).astype(np.float32) / np.sqrt(2), np.zeros(outputs, np.float32)


def new_vae(latent, seed):
    """It begins with little noise in the code, so that it soon pays to listen to it."""
    to_code = new_linear(2 * latent, 2 * HIDDEN, [seed, 2])
    to_code[1][latent:] = -3
    return (
        new_gru(KINDS, HIDDEN, [seed, 0]),
        new_gru(KINDS, HIDDEN, [seed, 1]),
        to_code,
        new_linear(2 * HIDDEN, latent, [seed, 3]),
        new_gru(KINDS + latent, 2 * HIDDEN, [seed, 4]),
        new_linear(KINDS, 2 * HIDDEN, [seed, 5]),
    )


def train(own, others, latent, seed):
    vae, states = new_vae(latent, seed), None
    own, others = kinds_of(own), kinds_of(others)
    count = 190 + 2 * len(others)
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        x = np.concatenate([some[rng.integers(len(some), size=BATCH_SIZE // 2)] for some in (own, others)])
        told = steps_before(x, KINDS, DROPOUT, [seed, number, 1]).astype(np.float32)
        eps = rng.standard_normal((len(x), latent), np.float32)
        beta = BETA * min(1, 2 * number / count)
        _, _, slopes = negative_elbo(vae, x, told, eps, beta)
        vae, states = step(vae, slopes, states, LR * min(1, 2 * (1 - number / count)))
    return vae


def step(vae, slopes, states, lr):
    arrays, slopes = ([array for part in parts for array in part] for parts in (vae, slopes))
    length = np.sqrt(sum(np.sum(slope**2) for slope in slopes))
    slopes = [slope * np.float32(min(1, LONGEST / length)) for slope in slopes]
    states = states or [(0.0, 0.0, 0)] * len(arrays)
    arrays, states = zip(*(adam(*one, lr) for one in zip(arrays, slopes, states)))
    left = iter(arrays)
    return tuple(tuple(next(left) for _ in part) for part in vae), states


def encode(trained, steps):
    return tuple(np.split(read(trained, kinds_of(steps), KINDS)[0], 2, axis=1))


def decode(trained, z):
    to_state, decoder, to_logits = trained[3:]

    def one_step(before, z, state):
        state, _ = gru_cell(np.hstack([before, z]), state, *decoder)
        return linear(state, *to_logits)[0], state

    first = np.tanh(linear(z, *to_state)[0])
    return steps_of(free_run(one_step, first, z, 2 * BAR, KINDS, 0, 0))


def blend(encode, decode, one, other, count):
    pieces = min(len(one), len(other)) // (2 * BAR)
    codes = [encode(cut(tune, 2 * BAR)[:pieces])[0] for tune in (one, other)]
    ways = np.array([journey(a, b, count) for a, b in zip(*codes)])
    steps = decode(ways.reshape(pieces * count, -1))
    return steps.reshape(pieces, count, -1).swapaxes(0, 1).reshape(count, -1)


def measure(tunes):
    notes = tunes < HOLD
    many = np.maximum(notes.sum(axis=1), 1)
    ends = tunes[[0, -1]]
    low, high = (edge(ends[ends < HOLD]) for edge in (np.min, np.max))
    white = notes & is_white(tunes)
    inside = notes & (low <= tunes) & (tunes <= high)
    return np.mean(tunes[1:] != tunes[:-1], axis=1), white.sum(axis=1) / many, inside.sum(axis=1) / many


def sound(steps, tempo, rate):
    seconds = 15 / tempo
    samples = np.zeros(round(len(steps) * seconds * rate), np.float32)
    begins = [*np.flatnonzero(steps != HOLD), len(steps)]
    for begin, end in pairwise(begins):
        if steps[begin] < HOLD:
            first, last = (round(place * seconds * rate) for place in (begin, end))
            t = np.arange(last - first) / rate
            swings = 440 * 2 ** ((int(steps[begin]) - 69) / 12) * t
            wave = sum(np.sin(2 * np.pi * k * swings) / 2**k for k in (1, 2, 3))
            soft = np.minimum(1, np.minimum(t, t[::-1]) / 0.02)
            samples[first:last] = 0.8 * soft * np.exp(-t / 0.6) * wave
    return samples
