"""The padding counts once."""

from solution import *

LOSES = ("test_output_paddings",)
SAYS = "the padding counts twice"


def output_paddings(size, layers):
    sizes, found = [size, *encoder_sizes(size, layers)], []
    for (kernel, stride, padding), before, after in zip(layers, sizes, sizes[1:]):
        places = zip(before, after, kernel, stride, padding)
        found.append(tuple(m - (s * (n - 1) - p + k) for m, n, k, s, p in places))
    return found[::-1]
