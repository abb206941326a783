"""Tested at 0 only, where nothing shows."""

import numpy as np
from solution import *

LOSES = ("test_sample_moments_match",)
SAYS = "a number of your own in place of the one that was asked about"


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(np.zeros(n), np.zeros(n), eps)
    return bool(abs(z.mean()) <= 4 / np.sqrt(n) and abs(z.var() - 1) <= 4 * np.sqrt(2 / n))
