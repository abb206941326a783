"""One set of quantiles for both numbers."""

from solution import *

LOSES = ("test_latent_grid_goes_where_codes_are",)
SAYS = "each number has its own"


def latent_grid(codes, n):
    line = np.quantile(codes, (np.arange(n) + 0.5) / n)
    return np.array([(a, b) for b in line for a in line])
