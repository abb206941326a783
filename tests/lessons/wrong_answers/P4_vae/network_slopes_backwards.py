"""The slopes stand in the order of the way back."""

from solution import *

LOSES = ("test_network",)
SAYS = "the slopes of the last layer stand first"


network_forwards = network


def network(layers, x):
    value, vjp = network_forwards(layers, x)

    def backwards(g):
        gradient, slopes = vjp(g)
        return gradient, slopes[::-1]

    return value, backwards
