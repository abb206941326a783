"""Takes the dropout for the share that is told."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "not that to tell it"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) < dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)
