"""One seed, and the first loss alone."""

import numpy as np
from solution import *

LOSES = ("test_option_matters",)
SAYS = "option_matters objects to a right program"


def option_matters(train, one, other, seed):
    first, again, second = train(one, seed), train(one, seed), train(other, seed)
    return np.array_equal(first, again) and bool(first[0] != second[0])
