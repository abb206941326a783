"""The classic leak: pieces of one picture are on both sides."""

import numpy as np
from solution import *

LOSES = ("test_split",)
SAYS = "pictures have pieces on both sides"


def split(owners, share, seed):
    order = np.random.default_rng(seed).permutation(len(owners))
    tested = round(share * len(owners))
    return order[tested:], order[:tested]
