"""The sign of g in place of that of x, as in guided backpropagation."""

import numpy as np
from solution import *

LOSES = ("test_relu",)
SAYS = "not the sign of g"


def relu(x):
    return np.maximum(x, 0), (lambda g: np.maximum(g, 0),)
