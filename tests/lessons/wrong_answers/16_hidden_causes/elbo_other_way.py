"""KL(posterior || q)."""

from solution import *

LOSES = ("test_elbo",)
SAYS = "that is KL(posterior || q)"


def elbo(log_joint, q):
    log_p, posterior = e_step(log_joint)
    log_q = np.log(np.maximum(q, 1e-300))
    bound = np.sum(q * (log_joint - log_q), axis=1)
    with np.errstate(all="ignore"):
        gap = np.nansum(posterior * (log_joint - log_p[:, None] - log_q), axis=1)
    return bound, gap
