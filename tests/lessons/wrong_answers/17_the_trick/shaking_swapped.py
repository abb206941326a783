"""Swaps the two."""

from solution import *

LOSES = ("test_shaking",)
SAYS = "the two are swapped"


def shaking(offset, mu, log_var, n, seed):
    eps = np.random.default_rng(seed).standard_normal(n)
    by_score, _ = score_function(lambda z: np.sin(2 * z) + offset, mu, log_var, eps)
    by_path, _ = pathwise(lambda z: 2 * np.cos(2 * z), mu, log_var, eps)
    return by_path.var(), by_score.var()
