"""Adds absolute differences up."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "absolute values were added up"


def even_walk(codes, pictures, n):
    steps = np.diff(pictures, axis=0)
    come = np.concatenate([[0.0], np.cumsum(np.abs(steps).sum(axis=1))])
    goals = np.linspace(0, come[-1], n)
    return np.stack([np.interp(goals, come, number) for number in codes.T], axis=1)
