"""Never looks at a tenth of the darts."""

from solution import *

LOSES = ("test_difference",)
SAYS = "a tenth of the darts"


def difference(a, b):
    better = bound(a) - bound(b)
    error = standard_error(better)
    return better.mean(), error, bool(abs(better.mean()) > 3 * error)
