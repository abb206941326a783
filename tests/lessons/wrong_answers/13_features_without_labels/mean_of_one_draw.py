"""One draw of labels, which may be lucky."""

from solution import *

LOSES = ("test_mean_accuracy",)
SAYS = "the first draw alone"


def mean_accuracy(x, labels, new_x, new_labels, draws, penalty, classes):
    rows = draws[0]
    return float((read(new_x, *ridge(x[rows], labels[rows], penalty, classes)) == new_labels).mean())
