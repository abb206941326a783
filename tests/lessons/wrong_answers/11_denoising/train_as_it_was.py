"""Nothing is mended."""

import numpy as np
from solution import *

LOSES = ("test_train_never_sees_a_noise_twice", "test_train_keeps_the_validation_pictures_apart")
SAYS = "drawn once, before the loop"


def train(clean, validation, epochs, batch_size, corrupt, lr, seed):
    pixels = clean.shape[1]
    weight, bias = np.zeros((pixels, pixels)), np.zeros(pixels)
    noisy = corrupt(clean, [seed, 0])
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(clean))
        for start in range(0, len(clean), batch_size):
            rows = order[start : start + batch_size]
            error = noisy[rows] @ weight + bias - clean[rows]
            weight = weight - lr * 2 * noisy[rows].T @ error / len(rows)
            bias = bias - lr * 2 * error.mean(axis=0)
    error = noisy[-validation:] @ weight + bias - clean[-validation:]
    return weight, bias, np.mean(np.sum(error**2, axis=1))
