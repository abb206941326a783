"""Another kernel."""

import numpy as np
from solution import *

LOSES = ("test_bicubic_matrix",)
SAYS = "those are the weights of linear interpolation"


def bicubic_matrix(size, factor):
    matrix = np.zeros((size * factor, size))
    for i in range(size * factor):
        place = (i + 0.5) / factor - 0.5
        first = int(np.floor(place)) - 1
        for j in range(first, first + 4):
            matrix[i, min(max(j, 0), size - 1)] += max(1 - abs(place - j), 0)
    return matrix
