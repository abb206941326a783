"""ln sigma² for ln sigma."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "sigma is the standard deviation"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = (z * z / 2 + constant + np.log(sigma)).sum() / len(x)
    return value, (lambda g: g * z / sigma / len(x), lambda g: -g * z / sigma / len(x))
