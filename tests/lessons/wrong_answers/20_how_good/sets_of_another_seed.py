"""Another seed for the test: other clouds, too."""

from solution import *

LOSES = ("test_train_and_test",)
SAYS = "another seed has other clouds"


def train_and_test(n_train, n_test, seed):
    return world(n_train, seed), world(n_test, seed + 1)
