"""No - ln q: the best guess is always sure."""

from solution import *

LOSES = ("test_elbo_slope_loss", "test_elbo_slope_in_the_logits")
SAYS = ("then the best q is always sure", "the slope of - ln q is missing")


def elbo_slope(logits, log_joint):
    _, q = e_step(logits)
    earned = log_joint
    bound = np.sum(q * earned, axis=1)
    return -bound.mean(), q * (bound[:, None] - earned) / len(q)
