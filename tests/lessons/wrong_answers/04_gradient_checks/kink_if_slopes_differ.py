"""Any difference of the two slopes is a kink."""

from solution import *

LOSES = ("test_is_kink_finds_kinks_of_any_size", "test_is_kink_is_not_fooled_by_curvature_rounding_or_distance")
SAYS = "so compare two steps"


def is_kink(f, x, direction):
    h = 1e-5
    right, left = (f(x + h * direction) - f(x)) / h, (f(x) - f(x - h * direction)) / h
    return bool(abs(right - left) > 1e-6 * max(abs(right), abs(left)))
