"""Every layer is given the picture."""

from solution import *

LOSES = ("test_encoder_sizes",)
SAYS = "each layer was given the picture"


def encoder_sizes(size, layers):
    places = [zip(size, kernel, stride, padding) for kernel, stride, padding in layers]
    return [tuple((n + 2 * p - k) // s + 1 for n, k, s, p in one) for one in places]
