"""A relu before each layer, of the rows that are read, too."""

from solution import *

LOSES = ("test_network",)
SAYS = "the logits are wrong"


def network(layers, x):
    for weight, bias in layers:
        x = apply(linear, apply(relu, x), weight, bias)
    return x
