"""Nothing mended."""

import numpy as np
from solution import *
from solution import loss_and_slopes

LOSES = ("test_train_in_pieces_is_training_on_whole_batches",)
SAYS = "still the step of the draft"


def train_in_pieces(layers, x, labels, epochs, batch_size, piece, lr, seed):
    arrays = [array for pair in layers for array in pair]
    totals = [np.zeros_like(array) for array in arrays]
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            for first in range(0, len(rows), piece):
                part = rows[first : first + piece]
                pairs = list(zip(arrays[::2], arrays[1::2]))
                _, slopes = loss_and_slopes(pairs, x[part], labels[part])
                flat = [slope for pair in slopes for slope in pair]
                totals = [total + slope for total, slope in zip(totals, flat)]
            arrays = [array - lr * total for array, total in zip(arrays, totals)]
    return list(zip(arrays[::2], arrays[1::2]))
