"""Equal steps from the smallest code to the largest."""

from solution import *

LOSES = ("test_latent_grid_goes_where_codes_are",)
SAYS = "most codes lie close together"


def latent_grid(codes, n):
    first, second = np.linspace(codes.min(axis=0), codes.max(axis=0), n).T
    return np.array([(a, b) for b in second for a in first])
