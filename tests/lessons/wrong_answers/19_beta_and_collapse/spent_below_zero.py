"""Directions under water get negative nats."""

from solution import *

LOSES = ("test_nats_spent",)
SAYS = "a nat below 0 cannot be spent"


def nats_spent(variances, noise, beta):
    return np.log(variances / (beta * noise)) / 2, np.minimum(variances, beta * noise)
