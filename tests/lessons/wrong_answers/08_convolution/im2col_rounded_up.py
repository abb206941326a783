"""The last window hangs over the edge of the frame."""

import numpy as np
from solution import *

LOSES = ("test_im2col",)
SAYS = "rows have kh and height"


def im2col(x, kernel_size, stride=1, padding=0):
    (n, c, *size), (kh, kw) = x.shape, kernel_size
    height, width = places(size, kernel_size, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    height, width = height + (stride > 1), width + (stride > 1)
    cols = np.zeros((n, c, kh, kw, height, width), x.dtype)
    for i in range(kh):
        for j in range(kw):
            rows, columns = slice(i, i + stride * height, stride), slice(j, j + stride * width, stride)
            cols[:, :, i, j] = padded[:, :, rows, columns]
    return cols.reshape(n, c * kh * kw, height * width)
