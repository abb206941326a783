"""The frame of zeros is left out."""

import numpy as np
from solution import *

LOSES = ("test_im2col",)
SAYS = "there is no frame of zeros"


def im2col(x, kernel_size, stride=1, padding=0):
    (n, c, *size), (kh, kw) = x.shape, kernel_size
    height, width = places(size, kernel_size, stride, 0)
    padded = x
    cols = np.zeros((n, c, kh, kw, height, width), x.dtype)
    for i in range(kh):
        for j in range(kw):
            rows, columns = slice(i, i + stride * height, stride), slice(j, j + stride * width, stride)
            cols[:, :, i, j] = padded[:, :, rows, columns]
    return cols.reshape(n, c * kh * kw, height * width)
