"""Gives each point whole to its likeliest part."""

from solution import *

LOSES = ("test_e_step_posterior",)
SAYS = "the posterior knows how sure one can be"


def e_step(log_joint):
    likeliest = log_joint == log_joint.max(axis=1, keepdims=True)
    return np.logaddexp.reduce(log_joint, axis=1), likeliest.astype(float)
