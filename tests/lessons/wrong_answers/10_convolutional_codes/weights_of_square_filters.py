"""rows * rows (B13)."""

from solution import *

LOSES = ("test_count_weights",)
SAYS = "taken for square"


def count_weights(channels, kernels):
    encoder = decoder = 0
    for inside, outside, (rows, _) in zip(channels, channels[1:], kernels):
        encoder += inside * outside * rows**2 + outside
        decoder += inside * outside * rows**2 + inside
    return encoder, decoder
