"""Shuffled once, and then the same order in every epoch."""

from solution import *
from solution import adam, batches, loss_and_slopes

LOSES = ("test_train_learns_digits_and_spirals",)
SAYS = "in the same order"


def train(layers, x, labels, epochs, batch_size, lr, seed):
    arrays = [array for pair in layers for array in pair]
    states = [(0.0, 0.0, 0)] * len(arrays)
    for _ in range(epochs):
        for rows in batches(len(x), batch_size, seed):
            pairs = list(zip(arrays[::2], arrays[1::2]))
            _, slopes = loss_and_slopes(pairs, x[rows], labels[rows])
            for i, g in enumerate(slope for pair in slopes for slope in pair):
                arrays[i], states[i] = adam(arrays[i], g, states[i], lr)
    return list(zip(arrays[::2], arrays[1::2]))
