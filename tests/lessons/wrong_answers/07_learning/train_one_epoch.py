"""return inside of the loop."""

from solution import *
from solution import adam, batches, loss_and_slopes

LOSES = ("test_train_takes_a_step_of_adam_for_each_array", "test_train_learns_digits_and_spirals")
SAYS = ("it stops after one epoch", "are right, expected at least")


def train(layers, x, labels, epochs, batch_size, lr, seed):
    arrays = [array for pair in layers for array in pair]
    states = [(0.0, 0.0, 0)] * len(arrays)
    for epoch in range(epochs):
        for rows in batches(len(x), batch_size, [seed, epoch]):
            pairs = list(zip(arrays[::2], arrays[1::2]))
            _, slopes = loss_and_slopes(pairs, x[rows], labels[rows])
            for i, g in enumerate(slope for pair in slopes for slope in pair):
                arrays[i], states[i] = adam(arrays[i], g, states[i], lr)
        return list(zip(arrays[::2], arrays[1::2]))
    return list(zip(arrays[::2], arrays[1::2]))
