"""Leaves the way for the straight line."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "stay on the way"


def even_walk(codes, pictures, n):
    return np.linspace(codes[0], codes[-1], n)
