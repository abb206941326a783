"""The last rows twice."""

import numpy as np
from solution import *

LOSES = ("test_split_has_no_row_in_two_parts",)
SAYS = "both are cut from the same place"


def split(count, validation, test, seed):
    order = np.random.default_rng(seed).permutation(count)
    learnt_from = count - validation - test
    return order[:learnt_from], order[learnt_from : learnt_from + validation], order[learnt_from : learnt_from + test]
