"""The slopes, without g."""

from solution import *

LOSES = ("test_mul_of_one_shape", "test_mul_of_shapes_that_stretch")
SAYS = "g is missing"


def mul(a, b):
    return a * b, (lambda g: b, lambda g: a)
