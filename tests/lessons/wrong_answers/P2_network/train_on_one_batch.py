"""Always the first batch."""

from solution import *

LOSES = ("test_clothes", "test_digits")
SAYS = ("clothes", "digits")


def train(images, labels, seed):
    x = as_rows(images)
    arrays = [array for pair in new_layers((x.shape[1], 100, 10), seed) for array in pair]
    states = [(0.0, 0.0, 0)] * len(arrays)
    for epoch in range(20):
        for rows in batches(len(x), 128, [seed, epoch // 20])[:1]:
            layers = list(zip(arrays[::2], arrays[1::2]))
            _, slopes = loss_and_slopes(layers, x[rows], labels[rows])
            for i, slope in enumerate(slope for pair in slopes for slope in pair):
                arrays[i], states[i] = adam(arrays[i], slope, states[i], 0.001)
    return list(zip(arrays[::2], arrays[1::2]))
