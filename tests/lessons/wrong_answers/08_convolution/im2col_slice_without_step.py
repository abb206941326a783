"""The places are counted with the stride, but the slice has no step."""

import numpy as np
from solution import *

LOSES = ("test_im2col",)
SAYS = "the slice needs its step"


def im2col(x, kernel_size, stride=1, padding=0):
    (n, c, *size), (kh, kw) = x.shape, kernel_size
    height, width = places(size, kernel_size, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = np.zeros((n, c, kh, kw, height, width), x.dtype)
    for i in range(kh):
        for j in range(kw):
            cols[:, :, i, j] = padded[:, :, i : i + height, j : j + width]
    return cols.reshape(n, c * kh * kw, height * width)
