"""A nudge along the real line: far too small to move x."""

from solution import *

LOSES = ("test_complex_step",)
SAYS = "The nudge is 1j * h"


def complex_step(f, x, h=1e-20):
    return f(x + h).imag / h
