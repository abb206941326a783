"""Says 1 of made dots."""

from solution import *

LOSES = ("test_judge_loss",)
SAYS = "real and made are swapped"


def judge_loss(real, made):
    loss = np.logaddexp(0, real).mean() + np.logaddexp(0, -made).mean()
    return loss, (lambda g: -g * chance(-real) / real.size, lambda g: g * chance(made) / made.size)
