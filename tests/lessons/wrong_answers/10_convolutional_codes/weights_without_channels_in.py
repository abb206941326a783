"""A filter for each channel that comes out."""

from solution import *

LOSES = ("test_count_weights",)
SAYS = "one for each pair of channels"


def count_weights(channels, kernels):
    encoder = decoder = 0
    for inside, outside, (rows, columns) in zip(channels, channels[1:], kernels):
        encoder += outside * rows * columns + outside
        decoder += inside * rows * columns + inside
    return encoder, decoder
