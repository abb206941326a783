"""Within 0.1, whatever n and the variance."""

import numpy as np
from solution import *

LOSES = ("test_sample_moments_match",)
SAYS = "a fixed tolerance"


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(np.full(n, mu), np.full(n, log_var), eps)
    mean_fits = abs(z.mean() - mu) < 0.1
    variance_fits = abs(z.var() - np.exp(log_var)) < 0.1
    return bool(mean_fits and variance_fits)
