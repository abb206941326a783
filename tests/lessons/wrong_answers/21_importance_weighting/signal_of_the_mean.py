"""Divides by the standard error."""

from solution import *

LOSES = ("test_signal_to_noise",)
SAYS = "the noise of the mean of all tries"


def signal_to_noise(log_joint, slope, mu, log_var, k, n, seed):
    eps = np.random.default_rng(seed).standard_normal((k, n))
    inputs = log_joint, slope, mu, log_var, eps
    by_standard, by_doubly = standard_slopes(*inputs)[0], doubly_slopes(*inputs)[0]
    return tuple(abs(each.mean()) / (each.std() / n**0.5) for each in (by_standard, by_doubly))
