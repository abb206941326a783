"""Nothing mended."""

import numpy as np
from solution import *

LOSES = ("test_split_has_no_row_in_two_parts",)
SAYS = "for all three pairs"


def shuffled(count, seed):
    return np.random.default_rng(seed).permutation(count)


def split(count, validation, test, seed):
    training = shuffled(count, seed)[: count - validation - test]
    return training, training[:validation], shuffled(count, seed)[:test]
