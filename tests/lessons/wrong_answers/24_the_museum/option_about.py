"""With a tolerance."""

import numpy as np
from solution import *

LOSES = ("test_option_matters",)
SAYS = "compared with a tolerance"


def option_matters(train, one, other, seed):
    first, again, second = train(one, seed), train(one, seed), train(other, seed)
    return np.array_equal(first, again) and not np.allclose(first, second)
