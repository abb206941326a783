"""-a / b: the power rule for b^(-1), but the exponent does not go down."""

from solution import *

LOSES = ("test_slopes",)
SAYS = "the second b is missing"


def div(a, b):
    return a / b, (1 / b, -a / b)
