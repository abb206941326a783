"""tanh by two numbers that overflow."""

import numpy as np
from solution import *

LOSES = ("test_log_cosh_far_from_its_target",)
SAYS = "infinity divided by infinity"


def log_cosh(prediction, target):
    d = prediction - target
    y = np.abs(d) + np.log1p(np.exp(-2 * np.abs(d))) - np.log(2)
    slope = np.sinh(d) / np.cosh(d)
    return y, (lambda g: g * slope, lambda g: -g * slope)
