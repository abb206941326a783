"""The slopes are found once, before the loop."""

from solution import *

LOSES = (
    "test_train_linear_goes_downhill_step_by_step",
    "test_train_linear_ends_at_pca",
)
SAYS = "ask for new ones at each step"


def train_linear(x, encoder, decoder, steps, lr):
    _, to_encoder, to_decoder = linear_slopes(x, encoder, decoder)
    for _ in range(steps):
        encoder, decoder = encoder - lr * to_encoder, decoder - lr * to_decoder
    return encoder, decoder
