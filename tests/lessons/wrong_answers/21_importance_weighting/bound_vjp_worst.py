"""The famous sign, in the vjp."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "the worst sample counts most"


def importance_bound(log_weights):
    best = log_weights.max(axis=0)
    shares = np.exp(log_weights - best)
    value = best + np.log(shares.mean(axis=0))
    worst = np.exp(log_weights.min(axis=0) - log_weights)
    return value, (lambda g: g * worst / worst.sum(axis=0),)
