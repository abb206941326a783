"""Adds squared errors up: they do not add as lengths do."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "squares of the changes"


def even_walk(codes, pictures, n):
    steps = np.diff(pictures, axis=0)
    come = np.concatenate([[0.0], np.cumsum((steps**2).sum(axis=1))])
    goals = np.linspace(0, come[-1], n)
    return np.stack([np.interp(goals, come, number) for number in codes.T], axis=1)
