"""The usual step for large inputs, which is hours here."""

import numpy as np
from solution import *

LOSES = ("test_speed_of_a_swing",)
SAYS = "that is the step of the usual rule"


def speed(position, time, h):
    h = np.cbrt(np.finfo(np.float64).eps) * max(1, abs(time))
    return (position(time + h) - position(time - h)) / (2 * h)
