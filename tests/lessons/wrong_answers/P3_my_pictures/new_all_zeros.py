"""Nothing but zeros: no layer can ever learn."""

from solution import *
from solution import new_autoencoder as solution_new_autoencoder

LOSES = ("test_new_autoencoder",)
SAYS = "with a standard deviation near"


def new_autoencoder(sizes, seed):
    return tuple([(0 * weight, bias) for weight, bias in layers] for layers in solution_new_autoencoder(sizes, seed))
