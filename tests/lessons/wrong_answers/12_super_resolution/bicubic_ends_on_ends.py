"""The middles of the first and last pixels lie on each other."""

import numpy as np
from solution import *

LOSES = ("test_bicubic_matrix",)
SAYS = "it is the edges that lie on each other"


def bicubic_matrix(size, factor):
    matrix = np.zeros((size * factor, size))
    for i in range(size * factor):
        place = i * (size - 1) / (size * factor - 1)
        first = int(np.floor(place)) - 1
        for j in range(first, first + 4):
            matrix[i, min(max(j, 0), size - 1)] += cubic(place - j)
    return matrix
