"""Says how sure it is that a dot was made."""

from solution import *

LOSES = ("test_best_logit",)
SAYS = "the sign is turned"


def best_logit(x, mu, log_var, other_mu, other_log_var):
    surprise = ((x - mu) ** 2 / np.exp(log_var) + log_var).sum(axis=1) / 2
    other_surprise = ((x - other_mu) ** 2 / np.exp(other_log_var) + other_log_var).sum(axis=1) / 2
    return surprise - other_surprise
