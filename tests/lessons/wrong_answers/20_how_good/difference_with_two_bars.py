"""Adds up the bars of both."""

from solution import *

LOSES = ("test_difference",)
SAYS = "picture by picture"


def difference(a, b):
    one, two = bound(a), bound(b)
    error = np.sqrt((one.var(ddof=1) + two.var(ddof=1)) / len(one))
    return (one - two).mean(), error, bool(abs((one - two).mean()) > 3 * error)
