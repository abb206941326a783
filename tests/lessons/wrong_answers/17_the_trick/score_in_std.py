"""The slope in std."""

from solution import *

LOSES = ("test_score_function",)
SAYS = "the chain goes on to log_var"


def score_function(f, mu, log_var, eps):
    std = np.exp(log_var / 2)
    z = mu + std * eps
    return f(z) * eps / std, f(z) * (eps**2 - 1) / std
