"""A column for each code."""

import numpy as np
from solution import *

LOSES = ("test_walk_by_probability",)
SAYS = "each row is a code"


def walk_by_probability(start, end, n):
    return place_of(np.linspace(share_below(start), share_below(end), n)).T
