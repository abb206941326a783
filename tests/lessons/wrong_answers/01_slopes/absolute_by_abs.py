"""The length of a complex number has no imaginary part."""

from solution import *

LOSES = ("test_absolute_has_the_slope_that_the_complex_step_sees",)
SAYS = "the imaginary part is gone"


def absolute(z):
    return abs(z)
