"""f(x + ih) / h, of which only the imaginary part is the slope."""

from solution import *

LOSES = ("test_complex_step",)
SAYS = "found the complex number"


def complex_step(f, x, h=1e-20):
    return f(x + 1j * h) / h
