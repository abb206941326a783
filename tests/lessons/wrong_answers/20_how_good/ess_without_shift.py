"""exp of what exp cannot hold."""

from solution import *

LOSES = ("test_effective_sample_size",)
SAYS = "before exp"


def effective_sample_size(log_weights):
    w = np.exp(log_weights)
    return w.sum(axis=0) ** 2 / np.sum(w**2, axis=0)
