"""The mean is not looked at."""

import numpy as np
from solution import *

LOSES = ("test_sample_moments_match",)
SAYS = "the mean is not looked at"


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(np.full(n, mu), np.full(n, log_var), eps)
    variance = np.exp(log_var)
    mean_fits = True
    variance_fits = abs(z.var() - variance) <= 4 * variance * np.sqrt(2 / n)
    return bool(mean_fits and variance_fits)
