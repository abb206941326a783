"""The first place is forgotten."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "after the division add 1"


def encoder_sizes(size, layers):
    sizes = []
    for kernel, stride, padding in layers:
        size = tuple((n + 2 * p - k) // s for n, k, s, p in zip(size, kernel, stride, padding))
        sizes.append(size)
    return sizes
