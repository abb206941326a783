"""Weights are (in, out)."""

from solution import *

LOSES = ("test_new_layers",)
SAYS = "expected shapes"


def new_layers(sizes, seed):
    return [
        (init_weight(m, n, [seed, layer]).astype(np.float32), np.zeros(n, np.float32))
        for layer, (m, n) in enumerate(pairwise(sizes))
    ]
