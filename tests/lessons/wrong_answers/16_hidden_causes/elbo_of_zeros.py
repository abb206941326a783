"""0 times ln 0 is NaN."""

from solution import *

LOSES = ("test_elbo",)
SAYS = "0 times ln 0 is 0"


def elbo(log_joint, q):
    log_p, _ = e_step(log_joint)
    with np.errstate(all="ignore"):
        log_q = np.log(q)
        bound = np.sum(q * (log_joint - log_q), axis=1)
        return bound, np.sum(q * (log_q - log_joint + log_p[:, None]), axis=1)
