"""Fitted to one fold, judged by the others."""

import numpy as np
from solution import *

LOSES = ("test_choose_penalty",)
SAYS = "the other way round"


def choose_penalty(x, labels, penalties, folds, classes):
    fold, right = np.arange(len(x)) % folds, np.zeros(len(penalties))
    for one in range(folds):
        seen, unseen = fold == one, fold != one
        for i, penalty in enumerate(penalties):
            answers = read(x[unseen], *ridge(x[seen], labels[seen], penalty, classes))
            right[i] += (answers == labels[unseen]).sum()
    return max(penalty for penalty, count in zip(penalties, right) if count == right.max())
