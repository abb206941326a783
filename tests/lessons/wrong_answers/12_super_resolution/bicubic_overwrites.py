"""At the edge several weights go to one pixel, and the last one wins."""

import numpy as np
from solution import *

LOSES = ("test_bicubic_matrix",)
SAYS = "weights that go to the same pixel were overwritten"


def bicubic_matrix(size, factor):
    matrix = np.zeros((size * factor, size))
    for i in range(size * factor):
        place = (i + 0.5) / factor - 0.5
        first = int(np.floor(place)) - 1
        for j in range(first, first + 4):
            matrix[i, min(max(j, 0), size - 1)] = cubic(place - j)
    return matrix
