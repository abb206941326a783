"""The famous bug, in the test itself."""

import numpy as np
from solution import *

LOSES = ("test_sample_moments_match",)
SAYS = "is exp(log_var) the variance, and not the std?"


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(np.full(n, mu), np.full(n, log_var), eps)
    variance = np.exp(2 * log_var)
    mean_fits = abs(z.mean() - mu) <= 4 * np.sqrt(variance / n)
    variance_fits = abs(z.var() - variance) <= 4 * variance * np.sqrt(2 / n)
    return bool(mean_fits and variance_fits)
