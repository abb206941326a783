"""The rate has the wrong sign."""

from solution import *

LOSES = ("test_copies_of_clothes", "test_copies_of_drawings", "test_denoiser")
SAYS = "worse than PCA"


def train(pieces, k, level, seed):
    (weight, bias), back = begin(pieces, level, seed)
    autoencoder, states = new_autoencoder((NUMBERS, 128, 64, k), seed), None
    for noisy, clean in noisy_batches(pieces, 64, lambda x, seed: fog(x, level, level, seed), 0, seed):
        target = encode(clean, *back[:2]) / back[2]
        _, slopes = loss_and_slopes(autoencoder, noisy @ weight + bias, target)
        autoencoder, states = step(autoencoder, slopes, states, -0.001)
    return ((weight, bias), back), autoencoder
