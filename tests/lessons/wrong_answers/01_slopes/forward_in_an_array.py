"""The right number in an array of one element."""

import numpy as np
from solution import *

LOSES = ("test_forward_difference",)
SAYS = "expected one number, found an array of shape (1,)"


def forward_difference(f, x, h):
    return np.array([(f(x + h) - f(x)) / h])
