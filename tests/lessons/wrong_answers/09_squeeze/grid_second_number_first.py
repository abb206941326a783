"""The second number grows along the rows."""

from solution import *

LOSES = ("test_latent_grid_goes_where_codes_are",)
SAYS = "it is the first number that grows"


def latent_grid(codes, n):
    first, second = np.quantile(codes, (np.arange(n) + 0.5) / n, axis=0).T
    return np.array([(a, b) for a in first for b in second])
