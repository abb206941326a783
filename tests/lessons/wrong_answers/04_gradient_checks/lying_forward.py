"""The value is wrong too."""

import numpy as np
from solution import *

LOSES = ("test_lying_softmax",)
SAYS = "Only backward lies here"


def lying_softmax(x):
    e = np.exp(x - x.max())
    y = e / e.sum()
    return y, (lambda g: y * (g - g.mean(axis=-1, keepdims=True)),)
