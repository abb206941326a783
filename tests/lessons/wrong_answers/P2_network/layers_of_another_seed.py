"""The seed is not used."""

from solution import *

LOSES = ("test_new_layers",)
SAYS = "another seed gave the same weights"


def new_layers(sizes, seed):
    return [
        (init_weight(n, m, layer).astype(np.float32), np.zeros(n, np.float32))
        for layer, (m, n) in enumerate(pairwise(sizes))
    ]
