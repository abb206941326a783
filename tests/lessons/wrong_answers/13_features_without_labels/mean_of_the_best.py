"""The best draw."""

from solution import *

LOSES = ("test_mean_accuracy",)
SAYS = "that is the best draw"


def mean_accuracy(x, labels, new_x, new_labels, draws, penalty, classes):
    readers = [ridge(x[rows], labels[rows], penalty, classes) for rows in draws]
    return float(max((read(new_x, *reader) == new_labels).mean() for reader in readers))
