"""Each layer begins with the code."""

from solution import *

LOSES = ("test_output_paddings",)
SAYS = "each layer was given the code"


def output_paddings(size, layers):
    sizes, found = [size, *encoder_sizes(size, layers)], []
    for (kernel, stride, padding), before, after in zip(layers, sizes, [sizes[-1]] * len(layers)):
        places = zip(before, after, kernel, stride, padding)
        found.append(tuple(m - (s * (n - 1) - 2 * p + k) for m, n, k, s, p in places))
    return found[::-1]
