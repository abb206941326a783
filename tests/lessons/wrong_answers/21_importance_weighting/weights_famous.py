"""The width is the variance."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "z has the wrong width"


def log_weights(log_joint, mu, log_var, eps):
    z = mu + np.exp(log_var) * eps
    log_q = -(eps**2 + log_var + np.log(2 * np.pi)) / 2
    return log_joint(z) - log_q
