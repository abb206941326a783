"""The seed is not used."""

import numpy as np
from solution import *

LOSES = ("test_split_has_no_row_in_two_parts",)
SAYS = "the seed is not used"


def split(count, validation, test, seed):
    order = np.random.default_rng(0).permutation(count)
    learnt_from = count - validation - test
    return order[:learnt_from], order[learnt_from : count - test], order[count - test :]
