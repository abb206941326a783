"""The same points for every seed."""

from solution import *

LOSES = ("test_train_and_test",)
SAYS = "with different seeds"


def train_and_test(n_train, n_test, seed):
    points = world(n_train + n_test, 0)
    return points[:n_train], points[n_train:]
