"""Says True."""

from solution import *

LOSES = ("test_agree_looks_where_it_shows",)
SAYS = "where the sampler"


def agree(sample, kl, seed):
    return True
