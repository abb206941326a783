"""The place of the penalty, not the penalty."""

import numpy as np
from solution import *

LOSES = ("test_choose_penalty",)
SAYS = "expected one of the penalties"


def choose_penalty(x, labels, penalties, folds, classes):
    fold, right = np.arange(len(x)) % folds, np.zeros(len(penalties))
    for one in range(folds):
        seen, unseen = fold != one, fold == one
        for i, penalty in enumerate(penalties):
            answers = read(x[unseen], *ridge(x[seen], labels[seen], penalty, classes))
            right[i] += (answers == labels[unseen]).sum()
    return int(right.argmax()) - 100
