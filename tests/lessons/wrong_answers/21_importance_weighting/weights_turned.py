"""A wide bell is taken for a high one."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "log_var has the wrong sign"


def log_weights(log_joint, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    log_q = -(eps**2 - log_var + np.log(2 * np.pi)) / 2
    return log_joint(z) - log_q
