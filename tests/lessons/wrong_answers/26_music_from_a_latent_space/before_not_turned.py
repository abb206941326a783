"""Melodies first, time second."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "time comes first"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1)
