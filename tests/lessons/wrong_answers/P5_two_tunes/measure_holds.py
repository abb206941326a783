"""Holds and rests count as notes of the scale."""

import numpy as np
from solution import *

LOSES = ("test_measure",)
SAYS = "count as notes"


def measure(tunes):
    notes = tunes < HOLD
    many = np.maximum(notes.sum(axis=1), 1)
    ends = tunes[[0, -1]]
    low, high = (edge(ends[ends < HOLD]) for edge in (np.min, np.max))
    white = is_white(tunes)
    inside = notes & (low <= tunes) & (tunes <= high)
    return np.mean(tunes[1:] != tunes[:-1], axis=1), white.sum(axis=1) / many, inside.sum(axis=1) / many
