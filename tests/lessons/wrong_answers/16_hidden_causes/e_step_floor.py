"""Cuts ln p(x) off from below, and leaves the posterior right."""

from solution import *

LOSES = ("test_e_step_log_p",)
SAYS = "1e-08 was cut off"


def e_step(log_joint):
    largest = log_joint.max(axis=1, keepdims=True)
    log_p = largest + np.log(np.exp(log_joint - largest).sum(axis=1, keepdims=True))
    return np.maximum(log_p[:, 0], np.log(1e-8)), np.exp(log_joint - log_p)
