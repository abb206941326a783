"""The lie of the lesson."""

import numpy as np
from solution import *

LOSES = ("test_lying_softmax",)
SAYS = "Zero is the lesson's lie"


def lying_softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    y = e / e.sum(axis=-1, keepdims=True)
    return y, (lambda g: np.zeros_like(g),)
