"""A lie that ones do see."""

import numpy as np
from solution import *

LOSES = ("test_lying_softmax",)
SAYS = "a check with ones notices"


def lying_softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    y = e / e.sum(axis=-1, keepdims=True)
    return y, (lambda g: g * y,)
