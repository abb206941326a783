"""ln q with the wrong sign: sure guesses pay."""

from solution import *

LOSES = ("test_elbo",)
SAYS = "ln q has the wrong sign"


def elbo(log_joint, q):
    log_p, _ = e_step(log_joint)
    log_q = np.log(q, where=q > 0, out=np.zeros_like(q))
    bound = np.sum(q * (log_joint + log_q), axis=1)
    return bound, log_p - bound
