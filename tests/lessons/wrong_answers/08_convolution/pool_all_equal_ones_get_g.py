"""x == max: each of several equal numbers gets all of g."""

import numpy as np
from solution import *

LOSES = ("test_max_pool2d",)
SAYS = "the first one alone gets it"


def max_pool2d(x, kernel_size, stride=None):
    stride, kernel, (n, c, h, w) = stride or kernel_size, (kernel_size, kernel_size), x.shape
    cols = im2col(x.reshape(n * c, 1, h, w), kernel, stride)
    first = cols.argmax(axis=1, keepdims=True)
    y = np.take_along_axis(cols, first, axis=1)

    def vjp(g):
        chosen = (cols == y) * g.reshape(y.shape)
        return col2im(chosen, (h, w), kernel, stride).reshape(x.shape)

    return y.reshape(n, c, *places((h, w), kernel, stride, 0)), (vjp,)
