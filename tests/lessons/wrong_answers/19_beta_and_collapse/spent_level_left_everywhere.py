"""Silent directions are left with the level, which is more than they have."""

from solution import *

LOSES = ("test_nats_spent",)
SAYS = "keeps its own variance"


def nats_spent(variances, noise, beta):
    return np.maximum(0, np.log(variances / (beta * noise)) / 2), np.full_like(variances, beta * noise)
