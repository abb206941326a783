"""One seed for all."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "another seed gave the same result"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(0).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)
