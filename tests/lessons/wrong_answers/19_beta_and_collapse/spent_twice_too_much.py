"""Nats as if the error shrank by exp(-R)."""

from solution import *

LOSES = ("test_nats_spent",)
SAYS = "twice too much"


def nats_spent(variances, noise, beta):
    return np.maximum(0, np.log(variances / (beta * noise))), np.minimum(variances, beta * noise)
