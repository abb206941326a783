"""As init_weight gives them."""

from solution import *

LOSES = ("test_new_layers",)
SAYS = "found float32, float64"


def new_layers(sizes, seed):
    return [(init_weight(n, m, [seed, layer]), np.zeros(n, np.float32)) for layer, (m, n) in enumerate(pairwise(sizes))]
