"""Moments that are too small pass."""

import numpy as np
from solution import *

LOSES = ("test_sample_moments_match",)
SAYS = "take the absolute value"


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(np.full(n, mu), np.full(n, log_var), eps)
    variance = np.exp(log_var)
    of_mean = (z.mean() - mu) / np.sqrt(variance / n)
    of_variance = (z.var() - variance) / (variance * np.sqrt(2 / n))
    return bool(of_mean < 4 and of_variance < 4)
