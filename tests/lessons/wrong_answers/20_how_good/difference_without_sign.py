"""Does not ask for the same sign."""

from solution import *

LOSES = ("test_difference",)
SAYS = "says the opposite"

right = difference


def difference(a, b):
    mean, error, _ = right(a, b)
    few = len(a) // 10
    early, early_error, _ = right(np.repeat(a[:few], 10, axis=0), np.repeat(b[:few], 10, axis=0))
    return mean, error, bool(abs(mean) > 3 * error and abs(early) > 3 * early_error)
