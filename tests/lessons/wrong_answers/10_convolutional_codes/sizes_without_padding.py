"""No padding."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "the padding is missing"


def encoder_sizes(size, layers):
    sizes = []
    for kernel, stride, padding in layers:
        size = tuple((n - k) // s + 1 for n, k, s, p in zip(size, kernel, stride, padding))
        sizes.append(size)
    return sizes
