"""The rows as they come in the file."""

import numpy as np
from solution import *
from solution import adam, loss_and_slopes

LOSES = ("test_train_learns_digits_and_spirals",)
SAYS = "shuffle in every epoch"


def train(layers, x, labels, epochs, batch_size, lr, seed):
    arrays = [array for pair in layers for array in pair]
    states = [(0.0, 0.0, 0)] * len(arrays)
    for _ in range(epochs):
        for rows in [np.arange(s, min(s + batch_size, len(x))) for s in range(0, len(x), batch_size)]:
            pairs = list(zip(arrays[::2], arrays[1::2]))
            _, slopes = loss_and_slopes(pairs, x[rows], labels[rows])
            for i, g in enumerate(slope for pair in slopes for slope in pair):
                arrays[i], states[i] = adam(arrays[i], g, states[i], lr)
    return list(zip(arrays[::2], arrays[1::2]))
