"""A relu after the last layer, too."""

from solution import *

LOSES = ("test_network",)
SAYS = "a relu after the last layer"


def network(layers, x):
    for weight, bias in layers:
        x = apply(relu, apply(linear, x, weight, bias))
    return x
