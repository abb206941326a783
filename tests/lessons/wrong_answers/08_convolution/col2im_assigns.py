"""Of overlapping windows the last wins."""

import numpy as np
from solution import *

LOSES = ("test_col2im",)
SAYS = "only one number is left"


def col2im(cols, size, kernel_size, stride=1, padding=0):
    (n, values, _), (h, w), (kh, kw) = cols.shape, size, kernel_size
    height, width = places(size, kernel_size, stride, padding)
    cols = cols.reshape(n, values // (kh * kw), kh, kw, height, width)
    padded = np.zeros((*cols.shape[:2], h + 2 * padding, w + 2 * padding), cols.dtype)
    for i in range(kh):
        for j in range(kw):
            rows, columns = slice(i, i + stride * height, stride), slice(j, j + stride * width, stride)
            padded[:, :, rows, columns] = cols[:, :, i, j]
    return padded[:, :, padding : padding + h, padding : padding + w]
