"""Adds e^-3000."""

from solution import *

LOSES = ("test_by_bayes",)
SAYS = "log-sum-exp"


def by_bayes(costs, prior):
    log_joint = np.log(prior) - costs
    top = np.zeros((len(costs), 1))
    log_px = top + np.log(np.exp(log_joint - top).sum(axis=1, keepdims=True))
    return np.exp(log_joint - log_px), -log_px[:, 0]
