"""A sum of one to two digits."""

from itertools import product

import numpy as np
from solution import *

LOSES = ("test_is_log_p_wants_a_sum_of_one", "test_is_log_p_wants_the_right_coins")
SAYS = "is_log_p lets a wrong program pass"


def is_log_p(log_p, seed):
    rng = np.random.default_rng(seed)
    pictures = np.array(list(product([0.0, 1.0], repeat=5)))
    for width in (1, 3, 12):
        logits = width * rng.permutation([-1.0, -0.55, 0.3, 0.7, 1.1])
        p = np.exp(log_p(pictures, logits))
        if p.shape != (32,) or not np.isclose(p.sum(), 1, rtol=0, atol=1e-2):
            return False
        if not np.allclose(p @ pictures, 1 / (1 + np.exp(-logits)), rtol=0, atol=1e-2):
            return False
    return True
