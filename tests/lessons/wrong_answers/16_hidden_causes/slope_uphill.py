"""The slope of the bound."""

from solution import *

LOSES = ("test_elbo_slope_in_the_logits",)
SAYS = "that is the slope of the bound"


def elbo_slope(logits, log_joint):
    log_total, q = e_step(logits)
    earned = log_joint - logits + log_total[:, None]
    bound = np.sum(q * earned, axis=1)
    return -bound.mean(), q * (earned - bound[:, None]) / len(q)
