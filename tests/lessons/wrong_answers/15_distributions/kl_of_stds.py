"""The std where a variance belongs."""

import solution
from solution import *

LOSES = ("test_kl_gaussians",)
SAYS = "here it stands where a variance belongs"


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    return solution.kl_gaussians(mu_p, log_var_p / 2, mu_q, log_var_q / 2)
