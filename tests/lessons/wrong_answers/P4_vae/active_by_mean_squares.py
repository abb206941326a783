"""A number that is always 3 counts."""

import numpy as np
from solution import *

LOSES = ("test_active_units",)
SAYS = "says nothing"


def active_units(mu):
    return int(np.sum(np.mean(mu**2, axis=0) > 0.01))
