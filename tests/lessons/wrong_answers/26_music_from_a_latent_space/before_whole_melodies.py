"""Withholds whole melodies."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "depends on its neighbours in time"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random((len(x), 1)) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)
