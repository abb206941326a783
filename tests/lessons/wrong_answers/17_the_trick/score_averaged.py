"""Returns the means."""

from solution import *

LOSES = ("test_score_function",)
SAYS = "not their mean"


def score_function(f, mu, log_var, eps):
    std = np.exp(log_var / 2)
    z = mu + std * eps
    return np.mean(f(z) * eps / std), np.mean(f(z) * (eps**2 - 1) / 2)
