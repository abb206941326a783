"""Returns inside of the loop."""

from solution import *

LOSES = (
    "test_train_linear_goes_downhill_step_by_step",
    "test_train_linear_ends_at_pca",
)
SAYS = "is `return` inside of the loop"


def train_linear(x, encoder, decoder, steps, lr):
    for _ in range(steps):
        _, to_encoder, to_decoder = linear_slopes(x, encoder, decoder)
        return encoder - lr * to_encoder, decoder - lr * to_decoder
