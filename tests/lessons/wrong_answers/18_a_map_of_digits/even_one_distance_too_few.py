"""Forgets that one begins at 0."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "the first one is 0"


def even_walk(codes, pictures, n):
    come = np.cumsum(np.sqrt((np.diff(pictures, axis=0) ** 2).sum(axis=1)))
    goals = np.linspace(0, come[-1], n)
    return np.stack([np.interp(goals, come, number) for number in codes.T], axis=1)
