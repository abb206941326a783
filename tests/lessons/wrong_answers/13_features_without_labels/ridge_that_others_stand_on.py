"""The error is summed over rows, and two other functions call this reader: they are told where to look."""

import numpy as np
from solution import *

LOSES = ("test_ridge", "test_choose_penalty", "test_mean_accuracy")
SAYS = ("it is their mean", "your `ridge` is not right yet", "your `ridge` is not right yet")


def ridge(x, labels, penalty, classes):
    targets = np.eye(classes)[labels]
    centre, middle = x.mean(axis=0), targets.mean(axis=0)
    x = x - centre
    weight = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ (targets - middle))
    return weight, middle - centre @ weight


def choose_penalty(x, labels, penalties, folds, classes):
    fold, right = np.arange(len(x)) % folds, np.zeros(len(penalties))
    for one in range(folds):
        seen, unseen = fold != one, fold == one
        for i, penalty in enumerate(penalties):
            reader = ridge(x[seen], labels[seen], penalty, classes)
            right[i] += (read(x[unseen], *reader) == labels[unseen]).sum()
    return max(p for p, count in zip(penalties, right) if count == right.max())


def mean_accuracy(x, labels, new_x, new_labels, draws, penalty, classes):
    readers = [ridge(x[rows], labels[rows], penalty, classes) for rows in draws]
    return np.mean([(read(new_x, *reader) == new_labels).mean() for reader in readers])
