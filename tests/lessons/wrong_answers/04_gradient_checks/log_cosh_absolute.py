"""What it is like far away, everywhere."""

import numpy as np
from solution import *

LOSES = ("test_log_cosh_near_its_target",)
SAYS = "that is |d| alone"


def log_cosh(prediction, target):
    d = prediction - target
    y = np.abs(d) - np.log(2)
    return y, (lambda g: g * np.sign(d), lambda g: -g * np.sign(d))
