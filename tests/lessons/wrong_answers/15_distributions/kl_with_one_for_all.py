"""The 1 is subtracted once for each row."""

from solution import *

LOSES = ("test_kl_gaussians",)
SAYS = "each coordinate has its own"


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    ratio = log_var_p - log_var_q
    each = (mu_p - mu_q) ** 2 / np.exp(log_var_q) + np.exp(ratio) - ratio
    return (np.sum(each, axis=1) - 1) / 2
