"""The real part changes its sign, the imaginary part does not: the slope is +1 everywhere."""

from solution import *

LOSES = ("test_absolute_has_the_slope_that_the_complex_step_sees",)
SAYS = "-z changes both"


def absolute(z):
    return complex(abs(z.real), z.imag)
