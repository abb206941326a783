"""Dropout of activations, which makes up for what is lost."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "is not made larger"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None] / max(1 - dropout, 0.1)
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)
