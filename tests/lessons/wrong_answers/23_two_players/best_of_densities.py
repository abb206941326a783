"""Takes the logarithm of densities."""

from solution import *

LOSES = ("test_best_logit",)
SAYS = "never take the logarithm of a density"


def best_logit(x, mu, log_var, other_mu, other_log_var):
    surprise = ((x - mu) ** 2 / np.exp(log_var) + log_var).sum(axis=1) / 2
    other_surprise = ((x - other_mu) ** 2 / np.exp(other_log_var) + other_log_var).sum(axis=1) / 2
    return np.log(np.exp(-surprise) / np.exp(-other_surprise))
