"""One array for all calls of the vjp."""

import numpy as np
from solution import *

LOSES = ("test_take_rows",)
SAYS = "make the array inside the vjp"


def take_rows(x, rows):
    grad = np.zeros_like(x)

    def vjp(g):
        np.add.at(grad, rows, g)
        return grad

    return x[rows], (vjp,)
