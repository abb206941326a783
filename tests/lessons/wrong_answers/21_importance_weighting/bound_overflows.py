"""No shift."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "take the largest log-weight"


def importance_bound(log_weights):
    best = 0 * log_weights[0]
    shares = np.exp(log_weights - best)
    value = best + np.log(shares.mean(axis=0))
    return value, (lambda g: g * shares / shares.sum(axis=0),)
