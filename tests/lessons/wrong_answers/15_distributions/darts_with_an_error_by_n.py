"""Divides by n and not by its root."""

import solution
from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "a standard error falls like the root of n"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    mean, error = solution.kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed)
    return mean, error / np.sqrt(n)
