"""Columns are treated like rows (B13)."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "columns were treated like rows"


def encoder_sizes(size, layers):
    sizes = []
    for kernel, stride, padding in layers:
        size = ((size[0] + 2 * padding[0] - kernel[0]) // stride[0] + 1,) * 2
        sizes.append(size)
    return sizes
