"""The end of what was drawn, and it overlaps."""

from solution import *

LOSES = ("test_train_and_test",)
SAYS = "were trained on"


def train_and_test(n_train, n_test, seed):
    points = world(max(n_train, n_test) + 10, seed)
    return points[:n_train], points[-n_test:]
