"""The nearest mean gets the whole point."""

from solution import *

LOSES = ("test_few_labels",)
SAYS = "nearest gets all"


def few_labels(x, labels, classes, rounds):
    known = labels[:, None] == np.arange(classes)
    means = known.T @ x / known.sum(axis=0)[:, None]
    for _ in range(rounds):
        shares = np.where(labels[:, None] < 0, np.eye(classes)[guesses(x, means).argmax(axis=1)], known)
        means = shares.T @ x / shares.sum(axis=0)[:, None]
    return means, guesses(x, means).argmax(axis=1)
