"""Takes the largest out, and leaves it out."""

from solution import *

LOSES = ("test_bound",)
SAYS = "not put back"


def bound(log_weights):
    return np.log(np.exp(log_weights - log_weights.max(axis=0)).mean(axis=0))
