"""The logarithm is forgotten."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "that is softmax; log_softmax is its logarithm"


def log_softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    y = e / e.sum(axis=-1, keepdims=True)
    return y, (lambda g: y * (g - (g * y).sum(axis=-1, keepdims=True)),)
