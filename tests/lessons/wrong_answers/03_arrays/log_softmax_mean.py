"""A mean inside the logarithm."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "a mean in place of the sum"


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).mean(axis=-1, keepdims=True))
    return y, (lambda g: g - np.exp(y) * g.sum(axis=-1, keepdims=True),)
