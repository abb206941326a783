"""The mean of the logarithms."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "mean of the logarithms"


def importance_bound(log_weights):
    best = log_weights.max(axis=0)
    shares = np.exp(log_weights - best)
    value = log_weights.mean(axis=0)
    return value, (lambda g: g * shares / shares.sum(axis=0),)
