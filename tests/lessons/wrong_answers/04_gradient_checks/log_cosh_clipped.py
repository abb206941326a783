"""No overflow, and no value."""

import numpy as np
from solution import *

LOSES = ("test_log_cosh_far_from_its_target",)
SAYS = "the value no longer grows"


def log_cosh(prediction, target):
    d = prediction - target
    d = np.clip(d, -700, 700)
    y = np.log(np.cosh(d))
    return y, (lambda g: g * np.tanh(d), lambda g: -g * np.tanh(d))
