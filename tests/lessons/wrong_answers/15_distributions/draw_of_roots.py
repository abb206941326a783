"""The root, where the square is right."""

from solution import *

LOSES = ("test_draw_has_these_stds",)
SAYS = "the root of the std was taken"


def draw(mean, std, n, seed):
    return np.random.default_rng(seed).multivariate_normal(mean, np.diag(np.sqrt(std)), n)
