"""NumPy cuts the windows, and nobody moves the axes."""

import numpy as np
from solution import *

LOSES = ("test_im2col",)
SAYS = "transpose to (N, C, kh, kw"


def im2col(x, kernel_size, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    every = np.lib.stride_tricks.sliding_window_view(padded, kernel_size, axis=(2, 3))
    every = every[:, :, ::stride, ::stride]
    return every.reshape(len(x), x.shape[1] * kernel_size[0] * kernel_size[1], -1)
