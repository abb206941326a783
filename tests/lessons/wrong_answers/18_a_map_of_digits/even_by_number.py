"""Equally many of the given codes in each step."""

import numpy as np
from solution import *

LOSES = ("test_even_walk",)
SAYS = "that counts the codes"


def even_walk(codes, pictures, n):
    goals = np.linspace(0, len(codes) - 1, n)
    return np.stack([np.interp(goals, np.arange(len(codes)), number) for number in codes.T], axis=1)
