"""The constants added once for each example."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "they belong to each of its numbers"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = (z * z / 2).sum() / len(x) + constant
    return value, (lambda g: g * z / sigma / len(x), lambda g: -g * z / sigma / len(x))
