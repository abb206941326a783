"""The largest of each row, but the sum of all rows."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "the sum runs over the whole array"


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum())
    return y, (lambda g: g - np.exp(y) * g.sum(axis=-1, keepdims=True),)
