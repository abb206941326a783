"""Equal steps of the code."""

import numpy as np
from solution import *

LOSES = ("test_walk_by_probability",)
SAYS = "straight line in the code"


def walk_by_probability(start, end, n):
    return np.linspace(start, end, n)
