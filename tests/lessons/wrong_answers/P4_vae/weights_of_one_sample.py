"""The noise is drawn before the loop."""

import numpy as np
from solution import *

LOSES = ("test_log_weights",)
SAYS = "samples of a picture share their noise"


def log_weights(mu, log_var, log_p_x_given, k, seed):
    found, rng = [], np.random.default_rng(seed)
    eps = rng.standard_normal(mu.shape)
    for _ in range(k):
        z = mu + np.exp(log_var / 2) * eps
        found.append(log_p_x_given(z) + np.sum(eps**2 + log_var - z**2, axis=1) / 2)
    return np.array(found)
