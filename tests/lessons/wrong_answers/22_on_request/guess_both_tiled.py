"""Tiles both."""

from solution import *

LOSES = ("test_every_guess",)
SAYS = "each pair must come once"


def every_guess(cost, x, classes):
    pictures = np.tile(x, (classes, 1))
    labels = np.tile(np.arange(classes), len(x))
    return cost(pictures, labels).reshape(len(x), classes)
