"""The sum over the whole batch."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "that is summed over the examples, too; they are averaged"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = (z * z / 2 + constant).sum()
    return value, (lambda g: g * z / sigma, lambda g: -g * z / sigma)
