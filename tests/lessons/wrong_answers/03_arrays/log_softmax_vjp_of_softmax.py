"""The vjp of softmax."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "that is the vjp of softmax"


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    p = np.exp(y)
    return y, (lambda g: p * (g - (g * p).sum(axis=-1, keepdims=True)),)
