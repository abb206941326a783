"""The std of a dart for the error of the mean."""

import solution
from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "their mean is better by the root of n"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    mean, error = solution.kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed)
    return mean, error * np.sqrt(n)
