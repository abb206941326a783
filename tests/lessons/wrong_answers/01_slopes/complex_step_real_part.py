"""The real part holds f(x)."""

from solution import *

LOSES = ("test_complex_step",)
SAYS = "the slope is in the imaginary part"


def complex_step(f, x, h=1e-20):
    return f(x + 1j * h).real / h
