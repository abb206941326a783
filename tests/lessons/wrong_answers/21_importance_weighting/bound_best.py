"""The best sample alone."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "the best sample alone"


def importance_bound(log_weights):
    best = log_weights.max(axis=0)
    shares = np.exp(log_weights - best)
    value = best
    return value, (lambda g: g * shares / shares.sum(axis=0),)
