"""Division binds more strongly than subtraction."""

from solution import *

LOSES = ("test_forward_difference",)
SAYS = "brackets"


def forward_difference(f, x, h):
    return f(x + h) - f(x) / h
