"""Stops at given codes only."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "nearest of the given codes"


def even_walk(codes, pictures, n):
    come = np.concatenate([[0.0], np.cumsum(np.sqrt((np.diff(pictures, axis=0) ** 2).sum(axis=1)))])
    return codes[[np.abs(come - goal).argmin() for goal in np.linspace(0, come[-1], n)]]
