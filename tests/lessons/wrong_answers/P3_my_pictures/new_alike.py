"""One seed for both."""

from solution import *

LOSES = ("test_new_autoencoder",)
SAYS = "have the same weights"


def new_autoencoder(sizes, seed):
    return new_layers(sizes, seed), new_layers(sizes[::-1], seed)
