"""The share that is caught."""

import numpy as np
from solution import *

LOSES = ("test_escapes",)
SAYS = "tests that object"


def escapes(right, wrong, cases, checks, seed):
    places = np.random.default_rng(seed).random((checks, cases))
    return float((right(places) != wrong(places)).any(axis=1).mean())
