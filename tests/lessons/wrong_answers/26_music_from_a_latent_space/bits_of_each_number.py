"""Free bits for each number of the code."""

from solution import *

LOSES = ("test_free_bits",)
SAYS = "do not share them out"


def free_bits(mu, log_var, free):
    each = (mu**2 + np.exp(log_var) - 1 - log_var) / 2 - free * np.log(2) / mu.shape[1]
    charged = each > 0
    return np.maximum(each, 0).sum(axis=1), (
        lambda g: g[:, None] * charged * mu,
        lambda g: g[:, None] * charged * (np.exp(log_var) - 1) / 2,
    )
