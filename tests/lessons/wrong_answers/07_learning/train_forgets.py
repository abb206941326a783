"""The state begins anew at every step."""

from solution import *
from solution import adam, batches, loss_and_slopes

LOSES = ("test_train_takes_a_step_of_adam_for_each_array",)
SAYS = "Adam begins anew at every step"


def train(layers, x, labels, epochs, batch_size, lr, seed):
    arrays = [array for pair in layers for array in pair]
    arrays = list(arrays)
    for epoch in range(epochs):
        for rows in batches(len(x), batch_size, [seed, epoch]):
            pairs = list(zip(arrays[::2], arrays[1::2]))
            _, slopes = loss_and_slopes(pairs, x[rows], labels[rows])
            for i, g in enumerate(slope for pair in slopes for slope in pair):
                arrays[i], _ = adam(arrays[i], g, (0.0, 0.0, 0), lr)
    return list(zip(arrays[::2], arrays[1::2]))
