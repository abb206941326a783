"""Takes half of it, as minae does."""

from solution import *

LOSES = ("test_judge_loss",)
SAYS = "half of it"


def judge_loss(real, made):
    loss = (np.logaddexp(0, -real).mean() + np.logaddexp(0, made).mean()) / 2
    return loss, (lambda g: -g * chance(-real) / real.size, lambda g: g * chance(made) / made.size)
