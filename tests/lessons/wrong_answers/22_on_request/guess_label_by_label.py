"""All pairs, in the other order."""

from solution import *

LOSES = ("test_every_guess",)
SAYS = "label by label"


def every_guess(cost, x, classes):
    pictures = np.tile(x, (classes, 1))
    labels = np.repeat(np.arange(classes), len(x))
    return cost(pictures, labels).reshape(len(x), classes)
