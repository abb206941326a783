"""A mean over the coordinates."""

import solution
from solution import *

LOSES = ("test_kl_gaussians",)
SAYS = "a mean over the coordinates"


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    return solution.kl_gaussians(mu_p, log_var_p, mu_q, log_var_q) / mu_p.shape[1]
