"""Does not come back from the shares."""

import numpy as np
from solution import *

LOSES = ("test_walk_by_probability",)
SAYS = "these are shares"


def walk_by_probability(start, end, n):
    return np.linspace(share_below(start), share_below(end), n)
