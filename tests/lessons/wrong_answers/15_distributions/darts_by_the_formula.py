"""No darts at all."""

import solution
from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "too good to be true"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    _, error = solution.kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed)
    return kl_gaussians(mu_p[None], log_var_p[None], mu_q[None], log_var_q[None])[0], error
