"""Small numbers, whatever the size."""

from solution import *

LOSES = ("test_new_layers",)
SAYS = "standard deviation"


def new_layers(sizes, seed):
    return [
        (np.float32(0.01) * init_weight(n, m, [seed, layer]).astype(np.float32), np.zeros(n, np.float32))
        for layer, (m, n) in enumerate(pairwise(sizes))
    ]
