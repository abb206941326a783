"""One seed for all layers."""

from solution import *

LOSES = ("test_new_layers",)
SAYS = "Give each its own seed"


def new_layers(sizes, seed):
    return [
        (init_weight(n, m, seed).astype(np.float32), np.zeros(n, np.float32))
        for layer, (m, n) in enumerate(pairwise(sizes))
    ]
