"""Roots of the parts, right for right angles only."""

from solution import *

LOSES = ("test_journey",)
SAYS = "only if a and b are at right angles"


def journey(a, b, count):
    part = np.linspace(0, 1, count)[:, None]
    return np.sqrt(1 - part) * a + np.sqrt(part) * b
