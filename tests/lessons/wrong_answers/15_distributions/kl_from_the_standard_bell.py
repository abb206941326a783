"""q is taken for N(0, 1)."""

from solution import *

LOSES = ("test_kl_gaussians",)
SAYS = "q has a mean and a variance of its own"


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    return np.sum(mu_p**2 + np.exp(log_var_p) - 1 - log_var_p, axis=1) / 2
