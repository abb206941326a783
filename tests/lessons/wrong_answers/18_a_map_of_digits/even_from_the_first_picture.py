"""Measures from the first picture as the crow flies."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "from the first picture"


def even_walk(codes, pictures, n):
    come = np.sqrt(((pictures - pictures[0]) ** 2).sum(axis=1))
    come = np.maximum.accumulate(come) + 1e-9 * np.arange(len(come))
    goals = np.linspace(0, come[-1], n)
    return np.stack([np.interp(goals, come, number) for number in codes.T], axis=1)
