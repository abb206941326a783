"""The first step is told itself."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "before the first step nothing is told"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.concatenate([rows[:, :1], rows[:, :-1]], axis=1).swapaxes(0, 1)
