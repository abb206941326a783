"""Exercise 20: one solution."""

import numpy as np


def log_weights(x, mean, W, var, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    missed = x - mean - z @ W.T
    ln_picture = -0.5 * np.sum(missed**2 / var + np.log(2 * np.pi * var), axis=2)
    prior_minus_q = 0.5 * np.sum(eps**2 + log_var - z**2, axis=2)
    return ln_picture + prior_minus_q


def exact_log_p(x, mean, W, var):
    S = W @ W.T + var * np.eye(len(W))
    away = x - mean
    squares = np.sum(away * np.linalg.solve(S, away.T).T, axis=1)
    return -0.5 * (squares + np.linalg.slogdet(2 * np.pi * S)[1])


def relative(log_weights):
    """The weights of each picture, divided by the largest of them, and its logarithm."""
    largest = log_weights.max(axis=0)
    return np.exp(log_weights - largest), largest


def effective_sample_size(log_weights):
    w, _ = relative(log_weights)
    return w.sum(axis=0) ** 2 / np.sum(w**2, axis=0)


def standard_error(values):
    return values.std(ddof=1) / len(values) ** 0.5


def error_bars(log_weights):
    w, largest = relative(log_weights)
    K, N = w.shape
    bounds = largest + np.log(w.mean(axis=0))
    of_each = w.std(axis=0, ddof=1) / np.sqrt(K) / w.mean(axis=0)
    return bounds.mean(), standard_error(bounds), np.sqrt(np.sum(of_each**2)) / N


def difference(a, b):
    results = []
    for darts in (len(a), len(a) // 10):
        better = bound(a[:darts]) - bound(b[:darts])
        results.append((better.mean(), standard_error(better)))
    (mean, error), (early, early_error) = results
    sure = abs(mean) > 3 * error and abs(early) > 3 * early_error
    return mean, error, bool(sure and mean * early > 0)


def bound(log_weights):
    w, largest = relative(log_weights)
    return largest + np.log(w.mean(axis=0))


def world(n, seed):
    rng = np.random.default_rng(seed)
    centres = 3 * rng.standard_normal((5, 2))
    rows = rng.random((n, 3))
    cloud = (5 * rows[:, 0]).astype(int)
    return centres[cloud] + rows[:, 1:] - 0.5


def train_and_test(n_train, n_test, seed):
    points = world(n_train + n_test, seed)
    return points[:n_train], points[n_train:]


def prior_gap(latent, var, darts, n, seed):
    rng = np.random.default_rng(seed)
    mean, W, nothing = np.zeros(latent), np.eye(latent), np.zeros((n, latent))
    x = rng.standard_normal((n, latent)) + np.sqrt(var) * rng.standard_normal((n, latent))
    eps = rng.standard_normal((darts, n, latent))
    gaps = exact_log_p(x, mean, W, var) - bound(log_weights(x, mean, W, var, nothing, nothing, eps))
    return latent / 2 * np.log(1 + 1 / var), gaps.mean()


WHY_SO_MANY = (
    "About 130, then about 1,800: a few times e to the KL. It is a sum over latents, so each one multiplies the darts."
)
