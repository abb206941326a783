"""Shifts the other way."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "that is the step after"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([rows[:, 1:], 0 * rows[:, :1]], axis=1).swapaxes(0, 1)
