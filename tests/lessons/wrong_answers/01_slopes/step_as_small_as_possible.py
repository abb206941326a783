"""The smaller the better: ε itself."""

import numpy as np
from solution import *

LOSES = ("test_best_step_forward", "test_best_step_central")
SAYS = "that is ε itself"


def best_step(rule, dtype):
    return float(np.finfo(dtype).eps)
