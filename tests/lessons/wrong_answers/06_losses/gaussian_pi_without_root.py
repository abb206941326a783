"""ln 2 pi without its half."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "the ROOT of 2 pi"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = (z * z / 2 + constant + np.log(2 * np.pi) / 2).sum() / len(x)
    return value, (lambda g: g * z / sigma / len(x), lambda g: -g * z / sigma / len(x))
