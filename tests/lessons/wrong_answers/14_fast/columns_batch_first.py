"""Pictures one after the other."""

import numpy as np
from solution import *

LOSES = ("test_columns",)
SAYS = "all places of picture 0 come first"


def columns(x, kernel_size, stride=1, padding=0):
    n, c, h, w = x.shape
    height, width = places((h, w), kernel_size, stride, padding)
    padded = np.zeros((c, h + 2 * padding, w + 2 * padding, n), x.dtype)
    padded[:, padding : padding + h, padding : padding + w] = x.transpose(1, 2, 3, 0)
    cols = np.empty((c, *kernel_size, height, width, n), x.dtype)
    for i, j, rows, across in taps(kernel_size, stride, height, width):
        cols[:, i, j] = padded[:, rows, across]
    cols = cols.transpose(0, 1, 2, 5, 3, 4)
    return cols.reshape(c * kernel_size[0] * kernel_size[1], height * width * n)
