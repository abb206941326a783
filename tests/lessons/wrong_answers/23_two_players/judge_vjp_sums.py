"""Forgets the share of each dot."""

from solution import *

LOSES = ("test_judge_loss",)
SAYS = "share of 1"


def judge_loss(real, made):
    loss = np.logaddexp(0, -real).mean() + np.logaddexp(0, made).mean()
    return loss, (lambda g: -g * chance(-real), lambda g: g * chance(made))
