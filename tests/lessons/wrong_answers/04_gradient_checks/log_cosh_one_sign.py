"""The slope is mended, and not the sign of the other input."""

import numpy as np
from solution import *

LOSES = ("test_log_cosh_near_its_target",)
SAYS = "does d grow or fall?"


def log_cosh(prediction, target):
    d = prediction - target
    y = np.abs(d) + np.log1p(np.exp(-2 * np.abs(d))) - np.log(2)
    return y, (lambda g: g * np.tanh(d), lambda g: g * np.tanh(d))
