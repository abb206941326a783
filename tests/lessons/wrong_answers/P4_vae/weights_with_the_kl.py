"""The formula of the KL stands in for the two densities at z."""

import numpy as np
from solution import *

LOSES = ("test_log_weights",)
SAYS = "the formula of the KL"


def log_weights(mu, log_var, log_p_x_given, k, seed):
    found, rng = [], np.random.default_rng(seed)
    for _ in range(k):
        eps = rng.standard_normal(mu.shape)
        z = mu + np.exp(log_var / 2) * eps
        found.append(log_p_x_given(z) + np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=1) / 2)
    return np.array(found)
