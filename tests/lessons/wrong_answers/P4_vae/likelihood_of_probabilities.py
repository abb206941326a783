"""Logits become probabilities first."""

import numpy as np
from solution import *

LOSES = ("test_log_likelihood",)
SAYS = "use np.logaddexp(0, logits)"


def log_likelihood(x, output, log_var, likelihood):
    if likelihood == "bell":
        squares = (x - output) ** 2 / np.exp(log_var)
        return -np.sum(squares + log_var + np.log(2 * np.pi), axis=1) / 2
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-output))
        return np.sum(x * np.log(p) + (1 - x) * np.log(1 - p), axis=1)
