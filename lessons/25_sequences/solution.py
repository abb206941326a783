"""Exercise 25: one solution."""

import numpy as np


def embedding(kinds, table):
    def of_table(g):
        slopes = np.zeros_like(table)
        np.add.at(slopes, kinds, g)
        return slopes

    return table[kinds], (of_table,)


def plain_cell(x, h, W, U, b):
    new = np.tanh(x @ W.T + h @ U.T + b)
    inside = lambda g: g * (1 - new**2)
    return new, (
        lambda g: inside(g) @ W,
        lambda g: inside(g) @ U,
        lambda g: inside(g).T @ x,
        lambda g: inside(g).T @ h,
        lambda g: inside(g).sum(axis=0),
    )


def through_time(cell, x, h, weights, lengths):
    states, vjps_at = [], []
    goes_on = [(t < lengths)[:, None] for t in range(len(x))]
    for x_t, on in zip(x, goes_on, strict=True):
        new, vjps = cell(x_t, h, *weights)
        h = np.where(on, new, h)
        states.append(h)
        vjps_at.append(vjps)

    def back(g):
        of_x, of_h = np.zeros_like(x), np.zeros_like(h)
        of_weights = [np.zeros_like(weight) for weight in weights]
        for t in reversed(range(len(x))):
            arrived = g[t] + of_h
            into_cell = np.where(goes_on[t], arrived, 0)
            of_x[t], of_state, *shares = [vjp(into_cell) for vjp in vjps_at[t]]
            of_h = of_state + arrived - into_cell
            of_weights = [a + b for a, b in zip(of_weights, shares, strict=True)]
        return of_x, of_h, *of_weights

    places = range(2 + len(weights))
    return np.stack(states), tuple(lambda g, k=k: back(g)[k] for k in places)


def sigmoid(a):
    return (1 + np.tanh(a / 2)) / 2


def gru_cell(x, h, W, U, b, c):
    of_x, of_h = np.split(x @ W.T + b, 3, axis=1), np.split(h @ U.T + c, 3, axis=1)
    r, z = sigmoid(of_x[0] + of_h[0]), sigmoid(of_x[1] + of_h[1])
    n = np.tanh(of_x[2] + r * of_h[2])

    def gates(g):
        """The slopes of x Wᵀ + b, and those of h Uᵀ + c."""
        d_n = g * (1 - z) * (1 - n**2)
        d_z = g * (h - n) * z * (1 - z)
        d_r = d_n * of_h[2] * r * (1 - r)
        return np.hstack([d_r, d_z, d_n]), np.hstack([d_r, d_z, r * d_n])

    return (1 - z) * n + z * h, (
        lambda g: gates(g)[0] @ W,
        lambda g: gates(g)[1] @ U + g * z,
        lambda g: gates(g)[0].T @ x,
        lambda g: gates(g)[1].T @ h,
        lambda g: gates(g)[0].sum(axis=0),
        lambda g: gates(g)[1].sum(axis=0),
    )


def continued(step, state, start, count, seed):
    rng = np.random.default_rng(seed)
    melody: list[np.ndarray] = []
    for heard in start[:-1]:
        _, state = step(heard, state)
    kinds = start[-1]
    while len(melody) < count:
        logits, state = step(kinds, state)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dice = rng.random((len(p), 1))
        kinds = (p.cumsum(axis=1)[:, :-1] < dice).sum(axis=1)
        melody.append(kinds)
    return np.stack(melody)


def nats_per_step(logits, kinds, lengths):
    peak = logits.max(axis=2, keepdims=True)
    log_sum = np.log(np.exp(logits - peak).sum(axis=2, keepdims=True))
    log_p = logits - peak - log_sum
    came = np.take_along_axis(log_p, kinds[:, :, None], axis=2)[:, :, 0]
    is_step = np.arange(len(kinds))[:, None] < lengths
    return -came[is_step].mean()


def surprises(step, state, begin, tunes):
    nats = np.zeros(len(tunes))
    for place, tune in enumerate(tunes):
        before, now = begin, state
        for kind in tune:
            logits, now = step(np.array([before]), now)
            peak = logits.max()
            nats[place] += peak + np.log(np.exp(logits - peak).sum()) - logits[0, kind]
            before = kind
    return nats


def kept(bias, x, h, weights, g):
    W, U, b, c = weights
    size = h.shape[1]
    b = b + bias * np.repeat([0, 1, 0], size)
    lengths = np.full(len(h), len(x))
    states, vjps = through_time(gru_cell, x, h, (W, U, b, c), lengths)
    signal = np.zeros_like(states)
    signal[-1] = g
    return np.linalg.norm(vjps[1](signal)) / np.linalg.norm(g)


WHY_IT_KEEPS = "Each step keeps the share z, so T steps keep about sigmoid(bias)^T; W and U change it a little."
