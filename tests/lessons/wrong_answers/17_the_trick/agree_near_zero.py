"""Moves away from 0, but by a thousandth."""

from solution import *

LOSES = ("test_agree_looks_where_it_shows",)
SAYS = "far enough away"


def agree(sample, kl, seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        mu, log_var = rng.standard_normal(3), 0.001 * rng.standard_normal(3)
        mu, log_var = np.tile(mu, (10_000, 1)), np.tile(log_var, (10_000, 1))
        eps = rng.standard_normal(mu.shape)
        z = sample(mu, log_var, eps)
        estimates = np.sum(z**2 - eps**2 - log_var, axis=1) / 2
        error = estimates.std() / np.sqrt(len(estimates))
        if not abs(estimates.mean() - kl(mu, log_var)[0]) < 5 * error:
            return False
    return True
