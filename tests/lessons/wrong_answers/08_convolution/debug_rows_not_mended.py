"""kh and kw are still swapped: right for squares."""

import numpy as np
from solution import *

LOSES = ("test_input_gradient_of_any_shape",)
SAYS = "rows have kh, columns have kw"


def input_gradient(g, weight, size, stride, padding):
    (n, _, height, width), (_, c, kh, kw) = g.shape, weight.shape
    padded = np.zeros((n, c, size[0] + 2 * padding, size[1] + 2 * padding))
    for p in range(height):
        for q in range(width):
            stamps = np.einsum("no,ocij->ncij", g[:, :, p, q], weight)
            top, left = p * stride, q * stride
            padded[:, :, top : top + kw, left : left + kh] += stamps
    return padded[:, :, padding : padding + size[0], padding : padding + size[1]]
