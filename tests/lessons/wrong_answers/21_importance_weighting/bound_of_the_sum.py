"""Forgets that a mean is divided by k."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "a mean is smaller by ln k"


def importance_bound(log_weights):
    best = log_weights.max(axis=0)
    shares = np.exp(log_weights - best)
    value = best + np.log(shares.sum(axis=0))
    return value, (lambda g: g * shares / shares.sum(axis=0),)
