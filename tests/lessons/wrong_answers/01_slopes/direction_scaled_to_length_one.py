"""As in a course of calculus, where directions have length 1."""

import numpy as np
from solution import *
from solution import directional_derivative as right

LOSES = ("test_directional_derivative",)
SAYS = "v was scaled to length 1"


def directional_derivative(f, x, v, h):
    return right(f, x, v / np.linalg.norm(v), h)
