"""Steps that reach far."""

from solution import *

LOSES = ("test_is_kink_is_not_fooled_by_curvature_rounding_or_distance",)
SAYS = "reaches a kink 0.01 away"


def is_kink(f, x, direction):
    here = f(x)

    def gap(h):
        return abs(f(x + h * direction) - 2 * here + f(x - h * direction)) / h

    return bool(gap(0.1) > 0.7 * gap(0.2) and gap(0.1) > 1e-12 * abs(here))
