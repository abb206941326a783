"""The slope of the ELBO."""

from solution import *

LOSES = ("test_importance_bound",)
SAYS = "that is the slope of the ELBO"


def importance_bound(log_weights):
    best = log_weights.max(axis=0)
    shares = np.exp(log_weights - best)
    value = best + np.log(shares.mean(axis=0))
    return value, (lambda g: g * np.ones_like(shares) / len(shares),)
