"""The rival of many papers: its picture is moved by half a pixel."""

import numpy as np
from solution import *

LOSES = ("test_bicubic_matrix",)
SAYS = "that moves the picture"


def bicubic_matrix(size, factor):
    matrix = np.zeros((size * factor, size))
    for i in range(size * factor):
        place = i / factor
        first = int(np.floor(place)) - 1
        for j in range(first, first + 4):
            matrix[i, min(max(j, 0), size - 1)] += cubic(place - j)
    return matrix
