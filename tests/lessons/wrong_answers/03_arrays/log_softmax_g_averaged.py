"""A mean of g in the second term."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "g is averaged"


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return y, (lambda g: g - np.exp(y) * g.mean(axis=-1, keepdims=True),)
