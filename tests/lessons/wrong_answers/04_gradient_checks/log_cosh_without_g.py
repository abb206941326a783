"""Slopes in place of vjps."""

import numpy as np
from solution import *

LOSES = ("test_log_cosh_near_its_target",)
SAYS = "that is the slope; a vjp multiplies it by g"


def log_cosh(prediction, target):
    d = prediction - target
    y = np.abs(d) + np.log1p(np.exp(-2 * np.abs(d))) - np.log(2)
    return y, (lambda g: np.tanh(d), lambda g: -np.tanh(d))
