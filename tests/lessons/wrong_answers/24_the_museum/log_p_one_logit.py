"""All pixels have the same logit."""

from itertools import product

import numpy as np
from solution import *

LOSES = ("test_is_log_p_wants_the_right_coins",)
SAYS = "a logit of its own"


def is_log_p(log_p, seed):
    pictures = np.array(list(product([0.0, 1.0], repeat=5)))
    for width in (1, 3, 12):
        logits = width * np.ones(5)
        p = np.exp(log_p(pictures, logits))
        if p.shape != (32,) or not np.isclose(p.sum(), 1, rtol=0, atol=1e-9):
            return False
        if not np.allclose(p @ pictures, 1 / (1 + np.exp(-logits)), rtol=0, atol=1e-9):
            return False
    return True
