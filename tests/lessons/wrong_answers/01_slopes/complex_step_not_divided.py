"""The imaginary part is h times the slope."""

from solution import *

LOSES = ("test_complex_step",)
SAYS = "divide it by h"


def complex_step(f, x, h=1e-20):
    return f(x + 1j * h).imag
