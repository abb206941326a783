"""log_var counts once for a picture, and not for each number."""

import numpy as np
from solution import *

LOSES = ("test_log_likelihood",)
SAYS = "log_var / 2 counts once"


def log_likelihood(x, output, log_var, likelihood):
    if likelihood == "bell":
        squares = (x - output) ** 2 / np.exp(log_var) + np.log(2 * np.pi)
        return -(np.sum(squares, axis=1) + log_var.mean()) / 2
    return np.sum(x * output - np.logaddexp(0, output), axis=1)
