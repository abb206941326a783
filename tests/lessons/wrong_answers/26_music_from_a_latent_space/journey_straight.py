"""The straight line."""

from solution import *

LOSES = ("test_journey",)
SAYS = "that is the straight line"


def journey(a, b, count):
    part = np.linspace(0, 1, count)[:, None]
    return (1 - part) * a + part * b
