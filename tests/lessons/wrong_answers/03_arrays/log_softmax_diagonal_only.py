"""The sum term is forgotten."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "that is g alone"


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return y, (lambda g: g,)
