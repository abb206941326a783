"""One validation set, no cross-validation."""

import numpy as np
from solution import *

LOSES = ("test_choose_penalty",)
SAYS = "only the first fold"


def choose_penalty(x, labels, penalties, folds, classes):
    unseen = np.arange(len(x)) % folds == 0
    readers = [ridge(x[~unseen], labels[~unseen], penalty, classes) for penalty in penalties]
    right = [(read(x[unseen], *reader) == labels[unseen]).sum() for reader in readers]
    return max(penalty for penalty, count in zip(penalties, right) if count == max(right))
