"""Takes logarithms of probabilities."""

from solution import *

LOSES = ("test_judge_loss",)
SAYS = "np.logaddexp does not"


def judge_loss(real, made):
    loss = np.log(1 + np.exp(-real)).mean() + np.log(1 + np.exp(made)).mean()
    return loss, (lambda g: -g * chance(-real) / real.size, lambda g: g * chance(made) / made.size)
