"""A mask of float64."""

import numpy as np
from solution import *

LOSES = ("test_relu",)
SAYS = "the dtype of the input, found float64"


def relu(x):
    return np.maximum(x, 0), (lambda g: g * (x > 0).astype(np.float64),)
