"""Shuffled without the seed."""

from solution import *

LOSES = ("test_train_and_test",)
SAYS = "the same seed twice"


def train_and_test(n_train, n_test, seed):
    points = np.random.default_rng().permutation(world(n_train + n_test, seed))
    return points[:n_train], points[n_train:]
