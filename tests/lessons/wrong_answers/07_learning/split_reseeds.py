"""Validation has rows of its own; the helper still reseeds."""

import numpy as np
from solution import *

LOSES = ("test_split_has_no_row_in_two_parts",)
SAYS = "gives the same order again"


def shuffled(count, seed):
    return np.random.default_rng(seed).permutation(count)


def split(count, validation, test, seed):
    order = shuffled(count, seed)
    learnt_from = count - validation - test
    return order[:learnt_from], order[learnt_from : count - test], shuffled(count, seed)[:test]
