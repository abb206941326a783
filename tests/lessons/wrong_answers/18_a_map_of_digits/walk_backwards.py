"""From the end to the start."""

import numpy as np
from solution import *

LOSES = ("test_walk_by_probability",)
SAYS = "from the end to the start"


def walk_by_probability(start, end, n):
    return place_of(np.linspace(share_below(end), share_below(start), n))
