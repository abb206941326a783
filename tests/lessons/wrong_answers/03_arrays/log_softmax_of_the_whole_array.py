"""Max and sum over all elements."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "max and sum run over the whole array"


def log_softmax(x):
    shifted = x - x.max()
    y = shifted - np.log(np.exp(shifted).sum())
    return y, (lambda g: g - np.exp(y) * g.sum(axis=-1, keepdims=True),)
