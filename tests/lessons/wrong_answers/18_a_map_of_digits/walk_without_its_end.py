"""n steps where n codes are asked for."""

import numpy as np
from solution import *

LOSES = ("test_walk_by_probability",)
SAYS = "stops before its end"


def walk_by_probability(start, end, n):
    return place_of(np.linspace(share_below(start), share_below(end), n, endpoint=False))
