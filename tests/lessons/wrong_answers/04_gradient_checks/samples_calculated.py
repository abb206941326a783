"""The formula of the lesson, rounded up; nothing was run."""

import numpy as np
from solution import *

LOSES = ("test_samples_until_seen",)
SAYS = "calculated, not run"


def samples_until_seen(s, seed):
    least = 2 * (5 / np.expm1(s)) ** 2 if s else np.inf
    return min((250 * 2**k for k in range(10) if 250 * 2**k > least), default=0)
