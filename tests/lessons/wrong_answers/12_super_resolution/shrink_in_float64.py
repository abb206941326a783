"""The result is float64 for float32."""

import numpy as np
from solution import *

LOSES = ("test_shrink",)
SAYS = "found float64"


def shrink(large, factor):
    *front, height, width = large.shape
    blocks = large.reshape(*front, height // factor, factor, width // factor, factor)
    return blocks.mean(axis=(-3, -1), dtype=np.float64)
