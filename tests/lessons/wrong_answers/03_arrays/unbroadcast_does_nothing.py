"""g comes back as it is."""

from solution import *

LOSES = ("test_unbroadcast",)
SAYS = "g came back as it is"


def unbroadcast(g, shape):
    return g
