"""A variance that is too small is never seen."""

import numpy as np
from solution import *

LOSES = ("test_samples_until_seen",)
SAYS = "the number of standard errors is negative"


def samples_until_seen(s, seed):
    promised = np.exp(s)
    for n in (250 * 2**k for k in range(10)):
        z = np.exp(s) * np.random.default_rng(seed).standard_normal(n)
        if z.var() - promised > 5 * promised * np.sqrt(2 / n):
            return n
    return 0
