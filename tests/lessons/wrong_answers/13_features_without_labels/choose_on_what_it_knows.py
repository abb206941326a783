"""Judged on the rows that it was fitted to."""

from solution import *

LOSES = ("test_choose_penalty",)
SAYS = "that it was fitted to"


def choose_penalty(x, labels, penalties, folds, classes):
    def right(penalty):
        return (read(x, *ridge(x, labels, penalty, classes)) == labels).sum(), penalty

    return max(penalties, key=right)
