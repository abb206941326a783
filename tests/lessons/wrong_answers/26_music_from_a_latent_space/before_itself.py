"""The famous one: each step is told itself."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "told the step that it should guess"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return rows.swapaxes(0, 1)
