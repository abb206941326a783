"""The std where a variance belongs."""

from solution import *

LOSES = ("test_draw_has_these_stds",)
SAYS = "the variances are now the stds"


def draw(mean, std, n, seed):
    return np.random.default_rng(seed).multivariate_normal(mean, np.diag(std), n)
