"""The level is the noise."""

from solution import *

LOSES = ("test_nats_spent",)
SAYS = "beta is missing; a dearer nat"


def nats_spent(variances, noise, beta):
    return np.maximum(0, np.log(variances / noise) / 2), np.minimum(variances, beta * noise)
