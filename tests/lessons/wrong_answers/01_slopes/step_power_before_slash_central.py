"""eps ** 1/3 is eps / 3."""

import numpy as np
from solution import *

LOSES = ("test_best_step",)
SAYS = "write eps**(1/3)"


def best_step(rule, dtype):
    eps = float(np.finfo(dtype).eps)
    return eps ** (1 / 2) if rule == "forward" else eps**1 / 3
