"""The network stays what it was: PCA."""

from solution import *

LOSES = ("test_copies_of_clothes", "test_copies_of_drawings", "test_denoiser")
SAYS = "That is PCA"


def train(pieces, k, level, seed):
    return begin(pieces, level, seed), new_autoencoder((NUMBERS, 128, 64, k), seed)
