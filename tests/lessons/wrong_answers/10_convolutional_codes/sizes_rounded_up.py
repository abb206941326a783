"""A window that does not fit gets a place."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "round down"


def encoder_sizes(size, layers):
    sizes = []
    for kernel, stride, padding in layers:
        size = tuple((n + 2 * p - k + s - 1) // s + 1 for n, k, s, p in zip(size, kernel, stride, padding))
        sizes.append(size)
    return sizes
