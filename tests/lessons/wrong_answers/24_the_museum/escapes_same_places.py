"""All tests have the same places."""

import numpy as np
from solution import *

LOSES = ("test_escapes",)
SAYS = "expected about"


def escapes(right, wrong, cases, checks, seed):
    places = np.random.default_rng(seed).random((1, cases)).repeat(checks, axis=0)
    return float((right(places) == wrong(places)).all(axis=1).mean())
