"""Nothing mended."""

from solution import *

LOSES = ("test_every_guess",)
SAYS = "still the draft"


def every_guess(cost, x, classes):
    pictures = np.repeat(x, classes, axis=0)
    labels = np.repeat(np.arange(classes), len(x))
    return cost(pictures, labels).reshape(len(x), classes)
