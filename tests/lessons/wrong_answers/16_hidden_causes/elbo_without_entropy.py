"""The mean of ln p(x, z) alone."""

from solution import *

LOSES = ("test_elbo",)
SAYS = "the mean of - ln q under q is missing"


def elbo(log_joint, q):
    log_p, _ = e_step(log_joint)
    bound = np.sum(q * log_joint, axis=1)
    return bound, log_p - bound
