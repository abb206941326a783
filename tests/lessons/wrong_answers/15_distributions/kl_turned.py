"""KL(q || p)."""

import solution
from solution import *

LOSES = ("test_kl_gaussians",)
SAYS = "that is KL(q || p)"


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    return solution.kl_gaussians(mu_q, log_var_q, mu_p, log_var_p)
