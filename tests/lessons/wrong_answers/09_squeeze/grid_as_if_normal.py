"""Two standard deviations to each side of the mean."""

from solution import *

LOSES = ("test_latent_grid_goes_where_codes_are",)
SAYS = "these are not, so take quantiles"


def latent_grid(codes, n):
    steps = np.linspace(-2, 2, n)
    first, second = (codes.mean(axis=0) + codes.std(axis=0) * steps[:, None]).T
    return np.array([(a, b) for b in second for a in first])
