"""The way back forgets the shortcut."""

import numpy as np
from solution import *
from solution import block as solution_block

LOSES = (
    "test_block",
    "test_loss_and_slopes",
)
SAYS = "the gradient through the shortcut is missing"


def block(layers, x):
    value, vjp = solution_block(layers, x)

    def through_layers(g):
        gradient, slopes = vjp(g)
        return gradient - fit(g, x.shape[1]), slopes

    return value, through_layers


def loss_and_slopes(autoencoder, x, target):
    encoder, decoder = autoencoder
    codes, to_encoder = block(encoder, x)
    copies, to_decoder = block(decoder, codes)
    wrong = copies - target
    gradient, of_decoder = to_decoder(2 * wrong / len(x))
    return np.mean(np.sum(wrong**2, axis=1)), (to_encoder(gradient)[1], of_decoder)
