"""The gaps are compared with their signs."""

import numpy as np
from solution import *

LOSES = ("test_is_kink_finds_kinks_of_any_size",)
SAYS = "take its absolute value"


def is_kink(f, x, direction):
    here = f(x)

    def gap(h):
        return (f(x + h * direction) - 2 * here + f(x - h * direction)) / h

    large, small = gap(1e-4), gap(1e-5)
    size = max(abs(here), abs(f(x + 1e-4 * direction)), abs(f(x - 1e-4 * direction)))
    rounding = 4 * np.finfo(np.float64).eps * size / 1e-5
    return bool(small > large / 2 and small > 10 * rounding)
