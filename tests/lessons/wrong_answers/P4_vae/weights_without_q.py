"""Only p(x, z), without what z was drawn from."""

import numpy as np
from solution import *

LOSES = ("test_log_weights",)
SAYS = "divide by the density"


def log_weights(mu, log_var, log_p_x_given, k, seed):
    found, rng = [], np.random.default_rng(seed)
    for _ in range(k):
        eps = rng.standard_normal(mu.shape)
        z = mu + np.exp(log_var / 2) * eps
        found.append(log_p_x_given(z) + np.sum(-(z**2) - np.log(2 * np.pi), axis=1) / 2)
    return np.array(found)
