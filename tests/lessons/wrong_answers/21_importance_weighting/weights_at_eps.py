"""Asks the joint at the noise."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "asked at eps"


def log_weights(log_joint, mu, log_var, eps):
    log_q = -(eps**2 + log_var + np.log(2 * np.pi)) / 2
    return log_joint(eps) - log_q
