"""One half or the other: here 1 at 0."""

import numpy as np
from solution import *

LOSES = ("test_relu",)
SAYS = "at x = 0 the slope is 0"


def relu(x):
    return np.maximum(x, 0), (lambda g: g * (x >= 0),)
