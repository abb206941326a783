"""Biases the wrong way round (B13)."""

from solution import *

LOSES = ("test_count_weights",)
SAYS = "are swapped"


def count_weights(channels, kernels):
    encoder = decoder = 0
    for inside, outside, (rows, columns) in zip(channels, channels[1:], kernels):
        encoder += inside * outside * rows * columns + outside
        decoder += inside * outside * rows * columns + inside
    return decoder, encoder
