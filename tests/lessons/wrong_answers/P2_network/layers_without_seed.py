"""Others at each call."""

from solution import *

LOSES = ("test_new_layers",)
SAYS = "the same seed gave other weights"


def new_layers(sizes, seed):
    return [
        (init_weight(n, m, None).astype(np.float32), np.zeros(n, np.float32))
        for layer, (m, n) in enumerate(pairwise(sizes))
    ]
