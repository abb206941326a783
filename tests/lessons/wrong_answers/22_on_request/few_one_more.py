"""One round too many."""

from solution import *

LOSES = ("test_few_labels",)
SAYS = "one round too many"


def few_labels(x, labels, classes, rounds):
    known = labels[:, None] == np.arange(classes)
    means = known.T @ x / known.sum(axis=0)[:, None]
    for _ in range(rounds + 1):
        shares = np.where(labels[:, None] < 0, guesses(x, means), known)
        means = shares.T @ x / shares.sum(axis=0)[:, None]
    return means, guesses(x, means).argmax(axis=1)
