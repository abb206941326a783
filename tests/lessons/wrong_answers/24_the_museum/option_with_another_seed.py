"""All losses, and two seeds."""

import numpy as np
from solution import *

LOSES = ("test_option_matters",)
SAYS = "option_matters lets a wrong program pass"


def option_matters(train, one, other, seed):
    first, second = train(one, seed), train(other, seed + 1)
    return not np.array_equal(first, second)
