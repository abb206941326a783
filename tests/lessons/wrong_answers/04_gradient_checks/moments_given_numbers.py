"""Numbers where sample expects arrays."""

import numpy as np
from solution import *

LOSES = ("test_sample_moments_match",)
SAYS = "in place of np.full(n, mu)"


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(mu, log_var, eps)
    variance = np.exp(log_var)
    mean_fits = abs(z.mean() - mu) <= 4 * np.sqrt(variance) / np.sqrt(n)
    variance_fits = abs(z.var() - variance) <= 4 * variance * np.sqrt(2 / n)
    return bool(mean_fits and variance_fits)
