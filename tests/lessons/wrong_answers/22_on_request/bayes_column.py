"""A column instead of one number each."""

from solution import *

LOSES = ("test_by_bayes",)
SAYS = "one number for each picture"


def by_bayes(costs, prior):
    log_joint = np.log(prior) - costs
    top = log_joint.max(axis=1, keepdims=True)
    log_px = top + np.log(np.exp(log_joint - top).sum(axis=1, keepdims=True))
    return np.exp(log_joint - log_px), -log_px
