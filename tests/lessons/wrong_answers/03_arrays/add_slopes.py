"""The slopes, without g."""

import numpy as np
from solution import *

LOSES = ("test_add",)
SAYS = "g is missing"


def add(a, b):
    return a + b, (lambda g: np.ones_like(a), lambda g: np.ones_like(b))
