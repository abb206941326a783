"""Measures the way in the code."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "measure the pictures"


def even_walk(codes, pictures, n):
    come = np.concatenate([[0.0], np.cumsum(np.sqrt((np.diff(codes, axis=0) ** 2).sum(axis=1)))])
    goals = np.linspace(0, come[-1], n)
    return np.stack([np.interp(goals, come, number) for number in codes.T], axis=1)
