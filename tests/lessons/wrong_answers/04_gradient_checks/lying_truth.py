"""The right backward."""

import numpy as np
from solution import *

LOSES = ("test_lying_softmax",)
SAYS = "that is the truth"


def lying_softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    y = e / e.sum(axis=-1, keepdims=True)
    return y, (lambda g: y * (g - (g * y).sum(axis=-1, keepdims=True)),)
