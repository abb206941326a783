"""Takes D where 1 - D belongs."""

from solution import *

LOSES = ("test_judge_loss",)
SAYS = "D in place of 1 - D"


def judge_loss(real, made):
    loss = np.logaddexp(0, -real).mean() + np.logaddexp(0, made).mean()
    return loss, (lambda g: -g * chance(real) / real.size, lambda g: g * chance(made) / made.size)
