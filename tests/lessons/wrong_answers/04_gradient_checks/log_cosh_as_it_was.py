"""The draft, as it was given."""

import numpy as np
from solution import *

LOSES = (
    "test_log_cosh_near_its_target",
    "test_log_cosh_far_from_its_target",
)
SAYS = "log_cosh, the vjp of prediction, at d = "


def log_cosh(prediction, target):
    d = prediction - target
    y = np.log(np.cosh(d))
    slope = 1 / np.cosh(d)
    return y, (lambda g: g * slope, lambda g: g * slope)
