"""Index -1 is the last pixel."""

import numpy as np
from solution import *

LOSES = ("test_bicubic_matrix",)
SAYS = "Usual cause: weights beyond the edge went to the other end"


def bicubic_matrix(size, factor):
    matrix = np.zeros((size * factor, size))
    for i in range(size * factor):
        place = (i + 0.5) / factor - 0.5
        first = int(np.floor(place)) - 1
        for j in range(first, first + 4):
            matrix[i, j % size] += cubic(place - j)
    return matrix
