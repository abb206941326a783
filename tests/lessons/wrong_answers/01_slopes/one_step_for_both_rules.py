"""The rule is not looked at."""

import numpy as np
from solution import *

LOSES = ("test_best_step",)
SAYS = "ε^(1/3) is for central"


def best_step(rule, dtype):
    return float(np.sqrt(np.finfo(dtype).eps))
