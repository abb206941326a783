"""The picture is in the list, too."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "leave it out"


def encoder_sizes(size, layers):
    sizes = [size]
    for kernel, stride, padding in layers:
        size = tuple((n + 2 * p - k) // s + 1 for n, k, s, p in zip(size, kernel, stride, padding))
        sizes.append(size)
    return sizes
