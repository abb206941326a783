"""Stops as soon as the loss hardly falls."""

from solution import *

LOSES = ("test_train_linear_ends_at_pca",)
SAYS = "expected less than 1e-6"


def train_linear(x, encoder, decoder, steps, lr):
    before = np.inf
    for _ in range(steps):
        loss, to_encoder, to_decoder = linear_slopes(x, encoder, decoder)
        encoder, decoder = encoder - lr * to_encoder, decoder - lr * to_decoder
        if _ > 50 and before - loss < 1e-5:
            break
        before = loss
    return encoder, decoder
