"""Subtracted in the sum alone."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "subtract it in both"


def log_softmax(x):
    total = np.exp(x - x.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)
    y = x - np.log(total)
    return y, (lambda g: g - np.exp(y) * g.sum(axis=-1, keepdims=True),)
