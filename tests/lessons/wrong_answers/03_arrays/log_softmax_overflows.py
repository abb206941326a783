"""The plain formula."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "Subtract the largest x of each row first"


def log_softmax(x):
    y = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return y, (lambda g: g - np.exp(y) * g.sum(axis=-1, keepdims=True),)
