"""Reads log_var as the logarithm of a std."""

import solution
from solution import *

LOSES = ("test_kl_gaussians",)
SAYS = "log_var is the logarithm of a variance"


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    return solution.kl_gaussians(mu_p, 2 * log_var_p, mu_q, 2 * log_var_q)
