"""Exercise 26: one solution."""

import numpy as np


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)


def free_run(step, state, z, length, kinds, temperature, seed):
    rng, chosen = np.random.default_rng(seed), []
    hears = np.zeros((len(z), kinds))
    for _ in range(length):
        scores, state = step(hears, z, state)
        if temperature:
            scores = scores / temperature + rng.gumbel(size=scores.shape)
        chosen.append(scores.argmax(axis=1))
        hears = np.eye(kinds)[chosen[-1]]
    return np.stack(chosen, axis=1)


def free_bits(mu, log_var, free):
    above = (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2 - free * np.log(2)
    charge = lambda g: (g * (above > 0))[:, None]
    return np.maximum(above, 0), (
        lambda g: charge(g) * mu,
        lambda g: charge(g) * np.expm1(log_var) / 2,
    )


def journey(a, b, count):
    part = np.linspace(0, 1, count)[:, None]
    angle = np.arccos(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - part) * a + part * b
    return (np.sin((1 - part) * angle) * a + np.sin(part * angle) * b) / np.sin(angle)


def attribute_vector(z, amount):
    few, many = np.quantile(amount, (0.25, 0.75))
    return z[amount >= many].mean(axis=0) - z[amount <= few].mean(axis=0)


def negative_elbo(x, z, mu, log_var, logits_of, kinds):
    logits = logits_of(steps_before(x, kinds, 0, 0), z)
    logits = logits - logits.max(axis=2, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
    of_truth = np.take_along_axis(log_p, x.T[:, :, None], axis=2)[:, :, 0]
    charged, _ = free_bits(mu, log_var, 0)
    return (charged - of_truth.sum(axis=0)).mean()


def notes_found(x, z, state, step, kinds, pitches):
    found = free_run(step, state, z, x.shape[1], kinds, 0, 0)
    return (found == x)[x < pitches].mean()


def nats_left(x, kinds, dropout):
    pairs = np.zeros((kinds, kinds))
    np.add.at(pairs, (x[:, :-1], x[:, 1:]), 1)
    told = pairs / np.maximum(pairs.sum(axis=1, keepdims=True), 1)
    blind = np.broadcast_to(pairs.sum(axis=0) / pairs.sum(), pairs.shape)
    seen = pairs > 0
    nats = -(dropout * np.log(blind[seen]) + (1 - dropout) * np.log(told[seen]))
    return (pairs[seen] * nats).sum() / pairs.sum()


WHY_IT_LISTENS = "What the step before does not say is left for the code: withheld, it leaves more nats to be saved."
