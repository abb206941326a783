"""1 - a² where 1 - y² is meant."""

import math

from solution import *

LOSES = ("test_slopes",)
SAYS = "is meant for the value y"


def tanh(a):
    y = math.tanh(a)
    return y, (1 - a * a,)
