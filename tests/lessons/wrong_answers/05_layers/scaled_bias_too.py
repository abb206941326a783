"""The bias is scaled with the rest."""

import numpy as np
from solution import *

LOSES = ("test_scaled_linear_value",)
SAYS = "the bias is multiplied too"


def scaled_linear(x, weight, bias):
    y = (x @ weight.T + bias) * np.sqrt(2 / x.shape[1])
    to_x = lambda g: g @ weight * np.sqrt(2 / x.shape[1])
    to_weight = lambda g: g.T @ x * np.sqrt(2 / x.shape[1])
    return y, (to_x, to_weight, lambda g: g.sum(axis=0))
