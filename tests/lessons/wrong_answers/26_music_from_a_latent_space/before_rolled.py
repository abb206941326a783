"""np.roll, so that the last step comes before the first."""

from solution import *

LOSES = ("test_steps_before",)
SAYS = "brings the last step before the first"


def steps_before(x, kinds, dropout, seed):
    heard = np.random.default_rng(seed).random(x.shape) >= dropout
    rows = np.eye(kinds)[x] * heard[:, :, None]
    return np.roll(rows, 1, axis=1).swapaxes(0, 1)
