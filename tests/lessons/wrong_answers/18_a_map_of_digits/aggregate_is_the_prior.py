"""What the aggregate should be."""

import numpy as np
from solution import *

LOSES = ("test_aggregate",)
SAYS = "that is the prior"


def aggregate(points, mu, log_var):
    return np.prod(np.exp(-0.5 * points**2) / np.sqrt(2 * np.pi), axis=1)
