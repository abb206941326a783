"""A generator without the seed."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "the same seed gave another result"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng().random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([0 * rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)
