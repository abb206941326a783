"""One bias for a layer."""

from solution import *

LOSES = ("test_count_weights",)
SAYS = "one bias for each layer"


def count_weights(channels, kernels):
    encoder = decoder = 0
    for inside, outside, (rows, columns) in zip(channels, channels[1:], kernels):
        encoder += inside * outside * rows * columns + 1
        decoder += inside * outside * rows * columns + 1
    return encoder, decoder
