"""Divided by batch_size."""

import numpy as np
from solution import *
from solution import loss_and_slopes

LOSES = ("test_train_in_pieces_is_training_on_whole_batches",)
SAYS = "divide by the rows that it has"


def train_in_pieces(layers, x, labels, epochs, batch_size, piece, lr, seed):
    arrays = [array for pair in layers for array in pair]
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            totals = [np.zeros_like(array) for array in arrays]
            for first in range(0, len(rows), piece):
                part = rows[first : first + piece]
                pairs = list(zip(arrays[::2], arrays[1::2]))
                _, slopes = loss_and_slopes(pairs, x[part], labels[part])
                flat = [slope * (len(part) / batch_size) for pair in slopes for slope in pair]
                totals = [total + slope for total, slope in zip(totals, flat)]
            arrays = [array - lr * total for array, total in zip(arrays, totals)]
    return list(zip(arrays[::2], arrays[1::2]))
