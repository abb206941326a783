"""Leaves the offset out, since it changes nothing in the slope."""

from solution import *

LOSES = ("test_shaking",)
SAYS = "the offset was not added"


def shaking(offset, mu, log_var, n, seed):
    eps = np.random.default_rng(seed).standard_normal(n)
    by_score, _ = score_function(lambda z: np.sin(2 * z), mu, log_var, eps)
    by_path, _ = pathwise(lambda z: 2 * np.cos(2 * z), mu, log_var, eps)
    return by_score.var(), by_path.var()
