"""1e-12 inside of both logarithms: wrong digits, and a gap that ends at 28 nats."""

from solution import *

LOSES = ("test_elbo",)
SAYS = "bound and gap must add up to ln p(x)"


def elbo(log_joint, q):
    _, posterior = e_step(log_joint)
    log_q = np.log(q + 1e-12)
    return np.sum(q * (log_joint - log_q), axis=1), np.sum(q * (log_q - np.log(posterior + 1e-12)), axis=1)
