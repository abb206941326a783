"""+= through an index, which NumPy carries out once per place."""

import numpy as np
from solution import *

LOSES = ("test_take_rows",)
SAYS = "np.add.at adds them all"


def take_rows(x, rows):
    def vjp(g):
        grad = np.zeros_like(x)
        grad[rows] += g
        return grad

    return x[rows], (vjp,)
