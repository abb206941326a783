"""Many small products."""

import numpy as np
from solution import *

LOSES = ("test_conv2d", "test_conv2d_gradients")
SAYS = "one large product is enough"


def conv2d(x, weight, product, stride=1, padding=0):
    outputs, _, *kernel_size = weight.shape
    height, width = places(x.shape[2:], kernel_size, stride, padding)
    matrix = weight.reshape(outputs, -1)
    cols = [columns(one[None], kernel_size, stride, padding) for one in x]
    y = np.stack([product(matrix, part) for part in cols]).reshape(len(x), outputs, height, width)

    def of_x(g):
        parts = [product(matrix.T, one.reshape(outputs, -1)) for one in g]
        shape = (1, *x.shape[1:])
        return np.concatenate([back_in_place(part, shape, kernel_size, stride, padding) for part in parts])

    def of_weight(g):
        parts = [product(one.reshape(outputs, -1), part.T) for one, part in zip(g, cols, strict=True)]
        return sum(parts).reshape(weight.shape)

    return y, (of_x, of_weight)
