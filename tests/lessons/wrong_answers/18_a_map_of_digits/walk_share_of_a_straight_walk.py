"""Takes the shares of a straight walk."""

import numpy as np
from solution import *

LOSES = ("test_walk_by_probability",)
SAYS = "first the ends become shares"


def walk_by_probability(start, end, n):
    return share_below(np.linspace(start, end, n))
