"""The standard error of the mean from the samples themselves."""

import numpy as np
from solution import *

LOSES = ("test_sample_moments_match",)
SAYS = "take what log_var promises"


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(np.full(n, mu), np.full(n, log_var), eps)
    variance = np.exp(log_var)
    mean_fits = abs(z.mean() - mu) <= 4 * z.std() / np.sqrt(n)
    variance_fits = abs(z.var() - variance) <= 4 * variance * np.sqrt(2 / n)
    return bool(mean_fits and variance_fits)
