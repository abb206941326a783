"""The whole picture is repeated."""

import numpy as np
from solution import *

LOSES = ("test_enlarge_nearest_and_the_adjoint_of_shrink",)
SAYS = "the whole picture was repeated"


def enlarge_nearest(small, factor):
    return np.tile(small, (factor, factor))
