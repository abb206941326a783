"""How often each bias is used."""

import numpy as np
from solution import *

LOSES = ("test_linear_weight_and_bias",)
SAYS = "that is how often each bias was used"


def linear(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: len(x) * np.ones_like(bias))
