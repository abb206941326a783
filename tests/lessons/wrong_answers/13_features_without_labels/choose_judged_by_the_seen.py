"""The wrong rows are counted."""

import numpy as np
from solution import *

LOSES = ("test_choose_penalty",)
SAYS = "the fold that was left out"


def choose_penalty(x, labels, penalties, folds, classes):
    fold, right = np.arange(len(x)) % folds, np.zeros(len(penalties))
    for one in range(folds):
        seen = fold != one
        for i, penalty in enumerate(penalties):
            answers = read(x[seen], *ridge(x[seen], labels[seen], penalty, classes))
            right[i] += (answers == labels[seen]).sum()
    return max(penalty for penalty, count in zip(penalties, right) if count == right.max())
