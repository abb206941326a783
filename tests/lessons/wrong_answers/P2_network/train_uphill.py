"""Steps up the slope."""

from solution import *

LOSES = ("test_clothes", "test_digits")
SAYS = ("That is guessing", "That is guessing")


def train(images, labels, seed):
    x = as_rows(images)
    arrays = [array for pair in new_layers((x.shape[1], 100, 10), seed) for array in pair]
    states = [(0.0, 0.0, 0)] * len(arrays)
    for epoch in range(2):
        for rows in batches(len(x), 128, [seed, epoch]):
            layers = list(zip(arrays[::2], arrays[1::2]))
            _, slopes = loss_and_slopes(layers, x[rows], labels[rows])
            for i, slope in enumerate(slope for pair in slopes for slope in pair):
                arrays[i], states[i] = adam(arrays[i], -slope, states[i], 0.001)
    return list(zip(arrays[::2], arrays[1::2]))
