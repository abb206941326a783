"""White keys are a share of all steps."""

import numpy as np
from solution import *

LOSES = ("test_measure",)
SAYS = "it is a share of the notes"


def measure(tunes):
    notes = tunes < HOLD
    many = np.maximum(notes.sum(axis=1), 1)
    ends = tunes[[0, -1]]
    low, high = (edge(ends[ends < HOLD]) for edge in (np.min, np.max))
    white = notes & is_white(tunes)
    inside = notes & (low <= tunes) & (tunes <= high)
    return np.mean(tunes[1:] != tunes[:-1], axis=1), white.mean(axis=1), inside.sum(axis=1) / many
