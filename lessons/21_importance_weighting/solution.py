"""Exercise 21: one solution."""

import numpy as np


def log_weights(log_joint, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    log_q = -(eps**2 + log_var + np.log(2 * np.pi)) / 2
    return log_joint(z) - log_q


def importance_bound(log_weights):
    best = log_weights.max(axis=0)
    shares = np.exp(log_weights - best)
    value = best + np.log(shares.mean(axis=0))
    return value, (lambda g: g * shares / shares.sum(axis=0),)


def both_slopes(log_joint, slope, mu, log_var, eps):
    """Of each sample: its share v, what a move of z does to ln w, and how z moves."""
    std = np.exp(0.5 * log_var)
    _, (to_weights,) = importance_bound(log_weights(log_joint, mu, log_var, eps))
    share = to_weights(np.ones(eps.shape[1]))
    return share, slope(mu + std * eps), std


def standard_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    in_log_var = (at * std * eps + 1) / 2
    return (share * at).sum(axis=0), (share * in_log_var).sum(axis=0)


def doubly_slopes(log_joint, slope, mu, log_var, eps):
    share, at, std = both_slopes(log_joint, slope, mu, log_var, eps)
    through_z = share**2 * (at + eps / std)
    return through_z.sum(axis=0), (through_z * std * eps).sum(axis=0) / 2


def fit_bell(log_joint, slope, k, mu, log_var, steps, lr, seed):
    noise = np.random.default_rng(seed).standard_normal((steps, k, 100))
    for eps in noise:
        in_mu, in_log_var = doubly_slopes(log_joint, slope, mu, log_var, eps)
        mu, log_var = mu + lr * in_mu.mean(), log_var + lr * in_log_var.mean()
    return mu, log_var


def merits(nats):
    bound, (counts,) = importance_bound(-nats)
    return -bound, counts(np.ones(nats.shape[1]))


def log_likelihoods(x, z, logits_of):
    k, n, latent = z.shape
    logits = logits_of(z.reshape(k * n, latent)).reshape(k, n, -1)
    return (x * logits - np.logaddexp(0, logits)).sum(axis=2)


def signal_to_noise(log_joint, slope, mu, log_var, k, n, seed):
    eps = np.random.default_rng(seed).standard_normal((k, n))
    inputs = log_joint, slope, mu, log_var, eps
    by_standard, by_doubly = standard_slopes(*inputs)[0], doubly_slopes(*inputs)[0]
    return tuple(abs(each.mean()) / each.std() for each in (by_standard, by_doubly))


WHY_IT_FADES = "The bound hardly depends on q then: its slope falls like 1 / k, noise like 1 / root k. Take v squared."
