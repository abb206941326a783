"""PyTorch's mean over everything."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "that is the mean over everything"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = (z * z / 2 + constant).mean()
    return value, (lambda g: g * z / sigma / x.size, lambda g: -g * z / sigma / x.size)
