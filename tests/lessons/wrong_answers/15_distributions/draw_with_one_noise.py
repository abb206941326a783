"""One number of noise for all coordinates."""

from solution import *

LOSES = ("test_draw_has_these_stds",)
SAYS = "the coordinates are not independent"


def draw(mean, std, n, seed):
    return mean + std * np.random.default_rng(seed).standard_normal((n, 1))
