"""A list."""

import numpy as np
from solution import *

LOSES = ("test_strides",)
SAYS = "expected a tuple of whole numbers, found a list"


def strides(shape, itemsize, order):
    return list(np.empty(shape, f"V{itemsize}", order=order).strides)
