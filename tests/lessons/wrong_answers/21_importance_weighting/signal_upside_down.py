"""Noise to signal."""

from solution import *

LOSES = ("test_signal_to_noise",)
SAYS = "noise to signal"


def signal_to_noise(log_joint, slope, mu, log_var, k, n, seed):
    eps = np.random.default_rng(seed).standard_normal((k, n))
    inputs = log_joint, slope, mu, log_var, eps
    by_standard, by_doubly = standard_slopes(*inputs)[0], doubly_slopes(*inputs)[0]
    return tuple(each.std() / abs(each.mean()) for each in (by_standard, by_doubly))
