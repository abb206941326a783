"""Everything is summed as soon as anything was stretched."""

import numpy as np
from solution import *

LOSES = ("test_unbroadcast_sums_the_axes_in_front", "test_unbroadcast_sums_axes_of_size_1_and_keeps_them")
SAYS = "only stretched axes are summed"


def unbroadcast(g, shape):
    return g if g.shape == shape else np.full(shape, g.sum())
