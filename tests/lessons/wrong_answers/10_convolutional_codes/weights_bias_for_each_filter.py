"""A bias for each filter."""

from solution import *

LOSES = ("test_count_weights",)
SAYS = "a bias for each pair of channels"


def count_weights(channels, kernels):
    encoder = decoder = 0
    for inside, outside, (rows, columns) in zip(channels, channels[1:], kernels):
        encoder += inside * outside * (rows * columns + 1)
        decoder += inside * outside * (rows * columns + 1)
    return encoder, decoder
