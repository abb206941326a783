"""The slopes, counted, without g."""

import numpy as np
from solution import *

LOSES = ("test_take_rows",)
SAYS = "g is missing"


def take_rows(x, rows):
    def vjp(g):
        grad = np.zeros_like(x)
        np.add.at(grad, rows, 1)
        return grad

    return x[rows], (vjp,)
