"""Zeros in float64, whatever x is."""

import numpy as np
from solution import *  # noqa: F403

LOSES = ("test_take_rows",)
SAYS = "np.zeros_like(x) has the dtype of x"


def take_rows(x, rows):
    def vjp(g):
        grad = np.zeros(x.shape)
        np.add.at(grad, rows, g)
        return grad

    return x[rows], (vjp,)
