"""Withholds a step of all melodies at once."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "depends on the other melodies"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random((1, x.shape[1])) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)
