"""One mean of all dots."""

from solution import *

LOSES = ("test_judge_loss",)
SAYS = "one mean of all dots"


def judge_loss(real, made):
    loss = np.concatenate([np.logaddexp(0, -real), np.logaddexp(0, made)]).mean()
    return loss, (lambda g: -g * chance(-real) / real.size, lambda g: g * chance(made) / made.size)
