"""The smaller the better: ε itself."""

import numpy as np
from solution import *

LOSES = ("test_best_step",)
SAYS = "that is ε itself"


def best_step(rule, dtype):
    return float(np.finfo(dtype).eps)
