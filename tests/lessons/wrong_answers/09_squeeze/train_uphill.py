"""Adds the slopes."""

from solution import *

LOSES = (
    "test_train_linear_goes_downhill_step_by_step",
    "test_train_linear_ends_at_pca",
)
SAYS = "that goes uphill"


def train_linear(x, encoder, decoder, steps, lr):
    with np.errstate(all="ignore"):
        for _ in range(steps):
            _, to_encoder, to_decoder = linear_slopes(x, encoder, decoder)
            encoder, decoder = encoder + lr * to_encoder, decoder + lr * to_decoder
    return encoder, decoder
