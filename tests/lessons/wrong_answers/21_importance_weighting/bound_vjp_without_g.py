"""Forgets the cotangent."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "the cotangent g is missing"


def importance_bound(log_weights):
    best = log_weights.max(axis=0)
    shares = np.exp(log_weights - best)
    value = best + np.log(shares.mean(axis=0))
    return value, (lambda g: shares / shares.sum(axis=0),)
