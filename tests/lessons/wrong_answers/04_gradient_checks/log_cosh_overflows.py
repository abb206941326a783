"""Backward is mended, and the value is not."""

import numpy as np
from solution import *

LOSES = ("test_log_cosh_far_from_its_target",)
SAYS = "found inf"


def log_cosh(prediction, target):
    d = prediction - target
    y = np.log(np.cosh(d))
    return y, (lambda g: g * np.tanh(d), lambda g: -g * np.tanh(d))
