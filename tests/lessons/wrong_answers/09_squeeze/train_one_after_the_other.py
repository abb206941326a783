"""The decoder's slope is taken after the encoder moved."""

from solution import *

LOSES = ("test_train_linear_goes_downhill_step_by_step",)
SAYS = "take both first"


def train_linear(x, encoder, decoder, steps, lr):
    for _ in range(steps):
        encoder = encoder - lr * linear_slopes(x, encoder, decoder)[1]
        decoder = decoder - lr * linear_slopes(x, encoder, decoder)[2]
    return encoder, decoder
