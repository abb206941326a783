"""The level is noise / beta."""

from solution import *

LOSES = ("test_nats_spent",)
SAYS = "divided by beta"


def nats_spent(variances, noise, beta):
    return np.maximum(0, np.log(variances * beta / noise) / 2), np.minimum(variances, beta * noise)
