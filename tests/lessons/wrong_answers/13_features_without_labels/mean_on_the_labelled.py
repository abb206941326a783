"""Asked what it was fitted to."""

import numpy as np
from solution import *

LOSES = ("test_mean_accuracy",)
SAYS = "rows it was fitted to"


def mean_accuracy(x, labels, new_x, new_labels, draws, penalty, classes):
    readers = [ridge(x[rows], labels[rows], penalty, classes) for rows in draws]
    return float(np.mean([(read(x[rows], *one) == labels[rows]).mean() for rows, one in zip(draws, readers)]))
