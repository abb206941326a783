"""All of g goes to the first pixel of its block."""

import numpy as np
from solution import *

LOSES = ("test_enlarge_nearest_and_the_adjoint_of_shrink",)
SAYS = "only one pixel of each block was set"


def shrink_adjoint(g, factor):
    large = np.zeros((*g.shape[:-2], g.shape[-2] * factor, g.shape[-1] * factor), g.dtype)
    large[..., ::factor, ::factor] = g
    return large
