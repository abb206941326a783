"""The factor of the second term taken out of both."""

import numpy as np
from solution import *

LOSES = ("test_log_softmax",)
SAYS = "e^y is the factor of the second term alone"


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return y, (lambda g: np.exp(y) * (g - g.sum(axis=-1, keepdims=True)),)
