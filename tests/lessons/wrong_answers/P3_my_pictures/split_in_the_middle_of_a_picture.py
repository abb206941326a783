"""The last rows: one picture is cut in two."""

import numpy as np
from solution import *

LOSES = ("test_split",)
SAYS = "pictures have pieces on both sides"


def split(owners, share, seed):
    rows = np.roll(np.arange(len(owners)), np.random.default_rng(seed).integers(len(owners)))
    tested = len(owners) // 4 + 1
    return rows[tested:], rows[:tested]
