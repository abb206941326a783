"""The slope, without g."""

import numpy as np
from solution import *

LOSES = ("test_relu",)
SAYS = "that is the slope; a vjp multiplies it by g"


def relu(x):
    return np.maximum(x, 0), (lambda g: (x > 0).astype(x.dtype),)
