"""The famous bug: one noise for all epochs. The validation pictures are apart."""

import numpy as np
from solution import *
from solution import noisy_batches

LOSES = ("test_train_never_sees_a_noise_twice",)
SAYS = "drawn once, before the loop"


def train(clean, validation, epochs, batch_size, corrupt, lr, seed):
    learned_from, held_out = clean[:-validation], clean[-validation:]
    pixels = clean.shape[1]
    weight, bias = np.zeros((pixels, pixels)), np.zeros(pixels)
    pairs = noisy_batches(learned_from, batch_size, corrupt, 0, seed)
    for _ in range(epochs):
        for noisy, target in pairs:
            error = noisy @ weight + bias - target
            weight = weight - lr * 2 * noisy.T @ error / len(noisy)
            bias = bias - lr * 2 * error.mean(axis=0)
    error = corrupt(held_out, [seed, epochs, 0]) @ weight + bias - held_out
    return weight, bias, np.mean(np.sum(error**2, axis=1))
