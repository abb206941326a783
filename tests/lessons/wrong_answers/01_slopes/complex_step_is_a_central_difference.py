"""A real central difference with a step of its own is good to ten digits, not to sixteen: it says what it lacks."""

from solution import *
from solution import central_difference

LOSES = ("test_complex_step",)
SAYS = "a difference of real values"


def complex_step(f, x, h=1e-20):
    return central_difference(f, x, 6e-6).real
