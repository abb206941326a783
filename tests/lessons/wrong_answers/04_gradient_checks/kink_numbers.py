"""The gap itself is returned."""

from solution import *

LOSES = ("test_is_kink_finds_kinks_of_any_size", "test_is_kink_is_not_fooled_by_curvature_rounding_or_distance")
SAYS = "expected True or False"


def is_kink(f, x, direction):
    h = 1e-5
    return float(abs(f(x + h * direction) - 2 * f(x) + f(x - h * direction)) / h)
