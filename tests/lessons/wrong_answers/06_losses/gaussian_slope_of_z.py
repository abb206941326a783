"""The inner slope, 1 / sigma, forgotten."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "it is divided by sigma; the square"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = (z * z / 2 + constant).sum() / len(x)
    return value, (lambda g: g * z / len(x), lambda g: -g * z / len(x))
