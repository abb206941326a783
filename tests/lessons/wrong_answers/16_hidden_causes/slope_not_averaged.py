"""The slope of a sum, beside the loss of a mean."""

from solution import *

LOSES = ("test_elbo_slope_in_the_logits",)
SAYS = "not divided by N"


def elbo_slope(logits, log_joint):
    log_total, q = e_step(logits)
    earned = log_joint - logits + log_total[:, None]
    bound = np.sum(q * earned, axis=1)
    return -bound.mean(), q * (bound[:, None] - earned)
