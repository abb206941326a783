"""One reader for all draws."""

import numpy as np
from solution import *

LOSES = ("test_mean_accuracy",)
SAYS = "joined to one"


def mean_accuracy(x, labels, new_x, new_labels, draws, penalty, classes):
    rows = np.concatenate(draws)
    return float((read(new_x, *ridge(x[rows], labels[rows], penalty, classes)) == new_labels).mean())
