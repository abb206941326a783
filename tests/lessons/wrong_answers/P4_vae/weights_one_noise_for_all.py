"""All pictures have one noise."""

import numpy as np
from solution import *

LOSES = ("test_log_weights",)
SAYS = "pictures share their noise"


def log_weights(mu, log_var, log_p_x_given, k, seed):
    found, rng = [], np.random.default_rng(seed)
    for _ in range(k):
        eps = np.tile(rng.standard_normal(mu.shape[1]), (len(mu), 1))
        z = mu + np.exp(log_var / 2) * eps
        found.append(log_p_x_given(z) + np.sum(eps**2 + log_var - z**2, axis=1) / 2)
    return np.array(found)
