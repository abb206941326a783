"""The exponents of the two rules are exchanged."""

import numpy as np
from solution import *

LOSES = ("test_best_step",)
SAYS = "step of the other rule"


def best_step(rule, dtype):
    power = {"forward": 1 / 3, "central": 1 / 2}[rule]
    return float(np.finfo(dtype).eps) ** power
