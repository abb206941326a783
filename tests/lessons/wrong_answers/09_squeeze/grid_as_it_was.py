"""A fixed grid, wherever the codes are (a famous notebook's grid covers 47 % of them)."""

from solution import *

LOSES = ("test_latent_grid_goes_where_codes_are",)
SAYS = "ask the codes where they are"


def latent_grid(codes, n):
    line = np.linspace(-3, 3, n)
    return np.array([(first, second) for second in line for first in line])
