"""What is left at the edge is made larger, as some libraries do."""

import numpy as np
from solution import *

LOSES = ("test_bicubic_matrix",)
SAYS = "left out and the rest made larger"


def bicubic_matrix(size, factor):
    matrix = np.zeros((size * factor, size))
    for i in range(size * factor):
        place = (i + 0.5) / factor - 0.5
        first = int(np.floor(place)) - 1
        for j in range(first, first + 4):
            if 0 <= j < size:
                matrix[i, j] += cubic(place - j)
    return matrix / matrix.sum(axis=1, keepdims=True)
