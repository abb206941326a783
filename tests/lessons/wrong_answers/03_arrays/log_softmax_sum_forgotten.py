"""Each x is thought to reach its own y alone."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "g is not summed"


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return y, (lambda g: g - np.exp(y) * g,)
