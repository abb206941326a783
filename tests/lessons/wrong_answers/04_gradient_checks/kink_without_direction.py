"""Steps along all axes at once."""

from solution import *

LOSES = ("test_is_kink_finds_kinks_of_any_size", "test_is_kink_is_not_fooled_by_curvature_rounding_or_distance")
SAYS = "the direction is ignored"


def is_kink(f, x, direction):
    here = f(x)

    def gap(h):
        return abs(f(x + h) - 2 * here + f(x - h)) / h

    large, small = gap(1e-4), gap(1e-5)
    return bool(small > large / 2 and small > 1e-9 * abs(here))
