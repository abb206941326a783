"""The right number at the price of 2n evaluations."""

import numpy as np
from solution import *
from solution import gradient

LOSES = ("test_directional_derivative",)
SAYS = "expected 2 evaluations of f for 50 elements, counted 100"


def directional_derivative(f, x, v, h):
    return float(np.sum(gradient(f, x, h) * v))
