"""Two gaps of pure rounding are compared."""

from solution import *

LOSES = ("test_is_kink_is_not_fooled_by_curvature_rounding_or_distance",)
SAYS = "two gaps that are both rounding"


def is_kink(f, x, direction):
    here = f(x)

    def gap(h):
        return abs(f(x + h * direction) - 2 * here + f(x - h * direction)) / h

    return bool(gap(1e-5) > gap(1e-4) / 2)
