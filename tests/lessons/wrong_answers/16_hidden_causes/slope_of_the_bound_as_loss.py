"""The bound in place of the loss."""

from solution import *

LOSES = ("test_elbo_slope_loss",)
SAYS = "that is the bound"


def elbo_slope(logits, log_joint):
    log_total, q = e_step(logits)
    earned = log_joint - logits + log_total[:, None]
    bound = np.sum(q * earned, axis=1)
    return bound.mean(), q * (bound[:, None] - earned) / len(q)
