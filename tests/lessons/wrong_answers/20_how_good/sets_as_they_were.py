"""The draft: the test is the first part of the training."""

from solution import *

LOSES = ("test_train_and_test",)
SAYS = "were trained on"


def train_and_test(n_train, n_test, seed):
    return world(n_train, seed), world(n_test, seed)
