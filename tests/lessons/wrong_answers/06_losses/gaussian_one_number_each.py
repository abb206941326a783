"""One loss for each example."""

import numpy as np
from solution import *

LOSES = ("test_gaussian_nll",)
SAYS = "expected one number, found an array"


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    losses = z * z / 2 + np.log(sigma) + np.log(2 * np.pi) / 2
    value = losses.reshape(len(x), -1).sum(axis=1)
    return value, (lambda g: g * z / sigma, lambda g: -g * z / sigma)
