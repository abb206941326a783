"""One shift for all pictures, so that a picture far below is lost."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "largest log-weight of each picture"


def importance_bound(log_weights):
    best = log_weights.max()
    shares = np.exp(log_weights - best)
    value = best + np.log(shares.mean(axis=0))
    return value, (lambda g: g * shares / shares.sum(axis=0),)
