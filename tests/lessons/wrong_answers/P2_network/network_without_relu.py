"""Linear layers alone."""

from solution import *

LOSES = ("test_network",)
SAYS = "no relu between the layers"


def network(layers, x):
    for weight, bias in layers:
        x = apply(linear, x, weight, bias)
    return x
