"""The scale is that of the pieces that come, and not of those it has learned from."""

from solution import *

LOSES = ("test_copies_of_clothes", "test_copies_of_drawings", "test_denoiser")
SAYS = "depend on its own piece alone"


def train(pieces, k, level, seed):
    return begin(pieces, level, seed), new_autoencoder((NUMBERS, 128, 64, k), seed)


def to_codes(trained, pieces):
    ((weight, bias), _), (encoder, _) = trained
    x = pieces @ weight + bias
    return block(encoder, (x - x.mean(axis=0)) / x.std())[0]
