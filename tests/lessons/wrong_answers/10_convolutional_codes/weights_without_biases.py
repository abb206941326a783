"""No biases."""

from solution import *

LOSES = ("test_count_weights",)
SAYS = "the biases are missing"


def count_weights(channels, kernels):
    encoder = decoder = 0
    for inside, outside, (rows, columns) in zip(channels, channels[1:], kernels):
        encoder += inside * outside * rows * columns
        decoder += inside * outside * rows * columns
    return encoder, decoder
