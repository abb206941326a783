"""NumPy in place of the engine."""

from solution import *

LOSES = ("test_network",)
SAYS = "expected an Array of the logits"


def network(layers, x):
    for number, (weight, bias) in enumerate(layers):
        x = linear(np.maximum(x, 0) if number else x, weight, bias)[0]
    return x
