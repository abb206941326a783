"""A relu after the last layer, too."""

import numpy as np
from solution import *

LOSES = ("test_network",)
SAYS = "a relu after the last layer, too"


network_without = network


def network(layers, x):
    value, vjp = network_without(layers, x)
    return np.maximum(value, 0), lambda g: vjp(g * (value > 0))
