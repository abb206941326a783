"""Everything is summed as soon as anything was stretched."""

import numpy as np
from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "only stretched axes are summed"


def unbroadcast(g, shape):
    return g if g.shape == shape else np.full(shape, g.sum())
