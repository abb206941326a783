"""Only the decoder learns: good copies from a poor code."""

from solution import *

LOSES = (
    "test_train_linear_goes_downhill_step_by_step",
    "test_train_linear_ends_at_pca",
)
SAYS = "the encoder does not move"


def train_linear(x, encoder, decoder, steps, lr):
    for _ in range(steps):
        decoder = decoder - lr * linear_slopes(x, encoder, decoder)[2]
    return encoder, decoder
