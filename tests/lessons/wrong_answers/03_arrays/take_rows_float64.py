"""Zeros in float64, whatever x is."""

import numpy as np
from solution import *

LOSES = ("test_take_rows",)
SAYS = "a new array of another dtype; np.zeros takes a dtype, too: take x.dtype"


def take_rows(x, rows):
    def vjp(g):
        grad = np.zeros(x.shape)
        np.add.at(grad, rows, g)
        return grad

    return x[rows], (vjp,)
