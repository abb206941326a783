"""The stride is forgotten."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "the stride is missing"


def encoder_sizes(size, layers):
    sizes = []
    for kernel, stride, padding in layers:
        size = tuple((n + 2 * p - k) + 1 for n, k, s, p in zip(size, kernel, stride, padding))
        sizes.append(size)
    return sizes
