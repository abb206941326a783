"""With padding 0 nothing is left."""

import numpy as np
from solution import *

LOSES = ("test_input_gradient_of_any_shape",)
SAYS = "[padding:-padding] is [0:0]"


def input_gradient(g, weight, size, stride, padding):
    (n, _, height, width), (_, c, kh, kw) = g.shape, weight.shape
    padded = np.zeros((n, c, size[0] + 2 * padding, size[1] + 2 * padding))
    for p in range(height):
        for q in range(width):
            stamps = np.einsum("no,ocij->ncij", g[:, :, p, q], weight)
            top, left = p * stride, q * stride
            padded[:, :, top : top + kh, left : left + kw] += stamps
    return padded[:, :, padding:-padding, padding:-padding]
