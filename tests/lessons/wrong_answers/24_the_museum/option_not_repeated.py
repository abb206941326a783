"""What cannot be repeated is believed."""

import numpy as np
from solution import *

LOSES = ("test_option_matters",)
SAYS = "same setting and the same seed twice"


def option_matters(train, one, other, seed):
    first, second = train(one, seed), train(other, seed)
    return not np.array_equal(first, second)
