"""Assignment: the last one wins."""

import numpy as np
from solution import *

LOSES = ("test_take_rows",)
SAYS = "only the last is left"


def take_rows(x, rows):
    def vjp(g):
        grad = np.zeros_like(x)
        grad[rows] = g
        return grad

    return x[rows], (vjp,)
