"""The share of single cases."""

import numpy as np
from solution import *

LOSES = ("test_escapes",)
SAYS = "share of cases"


def escapes(right, wrong, cases, checks, seed):
    places = np.random.default_rng(seed).random((checks, cases))
    return float((right(places) == wrong(places)).mean())
