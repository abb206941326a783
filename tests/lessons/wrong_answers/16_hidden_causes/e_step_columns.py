"""Each part's column adds up to 1."""

from solution import *

LOSES = ("test_e_step_posterior",)
SAYS = "the columns add up to 1"


def e_step(log_joint):
    log_p = np.logaddexp.reduce(log_joint, axis=1)
    return log_p, np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=0))
