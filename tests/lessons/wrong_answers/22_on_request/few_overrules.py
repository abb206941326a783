"""Bayes' rule overrules the known labels."""

from solution import *

LOSES = ("test_few_labels",)
SAYS = "must keep it"


def few_labels(x, labels, classes, rounds):
    known = labels[:, None] == np.arange(classes)
    means = known.T @ x / known.sum(axis=0)[:, None]
    for _ in range(rounds):
        shares = guesses(x, means)
        means = shares.T @ x / shares.sum(axis=0)[:, None]
    return means, guesses(x, means).argmax(axis=1)
