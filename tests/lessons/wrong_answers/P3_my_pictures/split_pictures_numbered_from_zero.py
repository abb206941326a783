"""The pictures have other numbers."""

import numpy as np
from solution import *

LOSES = ("test_split",)
SAYS = "pictures on the side that is tested"


def split(owners, share, seed):
    pictures = np.random.default_rng(seed).permutation(len(np.unique(owners)))
    is_tested = np.isin(owners, pictures[: round(share * len(pictures))])
    return np.flatnonzero(~is_tested), np.flatnonzero(is_tested)
