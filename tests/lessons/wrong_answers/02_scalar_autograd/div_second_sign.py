"""a / b grows with b."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "lacks its sign"


def div(a, b):
    return a / b, (1 / b, a / b**2)
