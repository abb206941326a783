"""Parts of the file as it is."""

import numpy as np
from solution import *

LOSES = ("test_split_has_no_row_in_two_parts",)
SAYS = "in their own order"


def split(count, validation, test, seed):
    order = np.arange(count)
    learnt_from = count - validation - test
    return order[:learnt_from], order[learnt_from : count - test], order[count - test :]
