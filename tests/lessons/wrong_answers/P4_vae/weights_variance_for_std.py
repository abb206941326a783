"""Codes are drawn with the variance in place of its root."""

import numpy as np
from solution import *

LOSES = ("test_log_weights",)
SAYS = "multiplied by the root of the variance"


def log_weights(mu, log_var, log_p_x_given, k, seed):
    found, rng = [], np.random.default_rng(seed)
    for _ in range(k):
        eps = rng.standard_normal(mu.shape)
        z = mu + np.exp(log_var) * eps
        found.append(log_p_x_given(z) + np.sum(eps**2 + log_var - z**2, axis=1) / 2)
    return np.array(found)
