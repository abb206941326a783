"""The first pictures are held out, not the last ones."""

import numpy as np
from solution import *
from solution import noisy_batches

LOSES = ("test_train_keeps_the_validation_pictures_apart",)
SAYS = "The last ones are for validation"


def train(clean, validation, epochs, batch_size, corrupt, lr, seed):
    learned_from, held_out = clean[validation:], clean[:validation]
    pixels = clean.shape[1]
    weight, bias = np.zeros((pixels, pixels)), np.zeros(pixels)
    for epoch in range(epochs):
        for noisy, target in noisy_batches(learned_from, batch_size, corrupt, epoch, seed):
            error = noisy @ weight + bias - target
            weight = weight - lr * 2 * noisy.T @ error / len(noisy)
            bias = bias - lr * 2 * error.mean(axis=0)
    error = corrupt(held_out, [seed, epochs, 0]) @ weight + bias - held_out
    return weight, bias, np.mean(np.sum(error**2, axis=1))
