"""q minus the posterior: the slope of a cross-entropy."""

from solution import *

LOSES = ("test_elbo_slope_in_the_logits",)
SAYS = "and needs the posterior"


def elbo_slope(logits, log_joint):
    log_total, q = e_step(logits)
    earned = log_joint - logits + log_total[:, None]
    bound = np.sum(q * earned, axis=1)
    return -bound.mean(), (q - e_step(log_joint)[1]) / len(q)
