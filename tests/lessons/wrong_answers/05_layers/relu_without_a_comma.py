"""A vjp that is in no tuple."""

import numpy as np
from solution import *

LOSES = ("test_relu",)
SAYS = "a tuple of one needs its comma"


def relu(x):
    return np.maximum(x, 0), (lambda g: g * (x > 0))
