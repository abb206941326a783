"""The mean of the logarithms."""

from solution import *

LOSES = ("test_by_bayes",)
SAYS = "logarithm of the mean"


def by_bayes(costs, prior):
    log_joint = np.log(prior) - costs
    top = log_joint.max(axis=1, keepdims=True)
    log_px = top + np.log(np.exp(log_joint - top).sum(axis=1, keepdims=True))
    return np.exp(log_joint - log_px), costs @ prior
