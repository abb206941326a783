"""The logarithm, without minus."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "the surprise is MINUS the logarithm"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = -(z * z / 2 + constant).sum() / len(x)
    return value, (lambda g: -g * z / sigma / len(x), lambda g: g * z / sigma / len(x))
