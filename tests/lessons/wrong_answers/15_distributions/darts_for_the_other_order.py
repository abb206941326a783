"""KL(q || p)."""

import solution
from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "q has thrown the darts, and p has paid"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    return solution.kl_by_darts(mu_q, log_var_q, mu_p, log_var_p, n, seed)
