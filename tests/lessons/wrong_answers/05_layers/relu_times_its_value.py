"""g times the value."""

import numpy as np
from solution import *

LOSES = ("test_relu",)
SAYS = "g is multiplied by the value"


def relu(x):
    y = np.maximum(x, 0)
    return y, (lambda g: g * y,)
