"""Adds less."""

from solution import *

LOSES = ("test_bound",)
SAYS = "add nothing"


def bound(log_weights):
    weights = np.exp(np.minimum(log_weights, 700))
    return np.log(weights.mean(axis=0) + 1e-300)
