"""From the formula, without a run."""

import numpy as np
from solution import *

LOSES = ("test_layers_until_lost",)
SAYS = "calculated, not run"


def layers_until_lost(std, width, seed):
    factor = width * std**2 / 2
    return min(200, int(np.ceil(np.log(1e6) / max(abs(np.log(factor)), 1e-9))))
