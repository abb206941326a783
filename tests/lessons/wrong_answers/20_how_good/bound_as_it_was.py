"""The draft."""

from solution import *

LOSES = ("test_bound",)
SAYS = "this is still the draft"


def bound(log_weights):
    weights = np.exp(log_weights)
    return np.log(weights.mean(axis=0) + 1e-37)
