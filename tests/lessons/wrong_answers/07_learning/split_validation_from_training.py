"""One order for all, and still validation comes out of training."""

import numpy as np
from solution import *

LOSES = ("test_split_has_no_row_in_two_parts",)
SAYS = "taken out of the training rows"


def split(count, validation, test, seed):
    order = np.random.default_rng(seed).permutation(count)
    training = order[: count - validation - test]
    return training, training[:validation], order[count - test :]
