"""ln q does not know how wide the bell is."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "the width of the bell is missing"


def log_weights(log_joint, mu, log_var, eps):
    z = mu + np.exp(log_var / 2) * eps
    log_q = -(eps**2 + np.log(2 * np.pi)) / 2
    return log_joint(z) - log_q
