"""The largest x loses its axis."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "need keepdims=True to fit x again"


def log_softmax(x):
    shifted = x - x.max(axis=-1)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1))
    return y, (lambda g: g - np.exp(y) * g.sum(axis=-1, keepdims=True),)
