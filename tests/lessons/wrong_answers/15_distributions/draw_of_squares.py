"""Squared, and then given to a function that wants the std."""

from solution import *

LOSES = ("test_draw_has_these_stds",)
SAYS = "the std was squared once too often"


def draw(mean, std, n, seed):
    return np.random.default_rng(seed).normal(mean, std**2, (n, len(mean)))
