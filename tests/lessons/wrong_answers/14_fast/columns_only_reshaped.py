"""The array of lesson 8 in the shape asked for."""

import numpy as np
from solution import *

LOSES = ("test_columns",)
SAYS = "the axes are reshaped in the wrong order"


def columns(x, kernel_size, stride=1, padding=0):
    height, width = places(x.shape[2:], kernel_size, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = np.empty((*x.shape[:2], *kernel_size, height, width), x.dtype)
    for i, j, rows, across in taps(kernel_size, stride, height, width):
        cols[:, :, i, j] = padded[:, :, rows, across]
    return cols.reshape(-1, height * width * len(x))
