"""Quantiles from 0 to 1."""

from solution import *

LOSES = ("test_latent_grid_goes_where_codes_are",)
SAYS = "the first line is the smallest code of all"


def latent_grid(codes, n):
    first, second = np.quantile(codes, np.linspace(0, 1, n), axis=0).T
    return np.array([(a, b) for b in second for a in first])
