"""Lays back with = in place of +=."""

import numpy as np
from solution import *

LOSES = ("test_conv2d_gradients",)
SAYS = "only one number is left"


def conv2d(x, weight, product, stride=1, padding=0):
    (outputs, _, *kernel_size), n = weight.shape, len(x)
    height, width = places(x.shape[2:], kernel_size, stride, padding)
    cols, matrix = columns(x, kernel_size, stride, padding), weight.reshape(outputs, -1)
    y = product(matrix, cols).reshape(outputs, height, width, n).transpose(3, 0, 1, 2)

    def flat(g):
        return g.transpose(1, 2, 3, 0).reshape(outputs, -1)

    return y, (
        lambda g: back_in_place(product(matrix.T, flat(g)), x.shape, kernel_size, stride, padding),
        lambda g: product(flat(g), cols.T).reshape(weight.shape),
    )


def back_in_place(cols, shape, kernel_size, stride, padding):
    """The adjoint of `columns`: what stands in the windows is added up in the pictures."""
    n, c, h, w = shape
    height, width = places((h, w), kernel_size, stride, padding)
    cols = cols.reshape(c, *kernel_size, height, width, n)
    padded = np.zeros((c, h + 2 * padding, w + 2 * padding, n), cols.dtype)
    for i, j, rows, across in taps(kernel_size, stride, height, width):
        padded[:, rows, across] = cols[:, i, j]
    return padded[:, padding : padding + h, padding : padding + w].transpose(3, 0, 1, 2)
