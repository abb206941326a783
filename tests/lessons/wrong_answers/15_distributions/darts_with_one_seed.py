"""The seed is not used."""

import solution
from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "another seed gives the same estimate"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    return solution.kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, 0)
