"""All numbers of PCA: that is no code of k."""

from solution import *

LOSES = ("test_copies_of_clothes", "test_copies_of_drawings", "test_denoiser")
SAYS = "k numbers for each piece"


def train(pieces, k, level, seed):
    return begin(pieces, level, seed), new_autoencoder((NUMBERS, 128, 64, k), seed)


def to_codes(trained, pieces):
    ((weight, bias), _), _ = trained
    return pieces @ weight + bias
