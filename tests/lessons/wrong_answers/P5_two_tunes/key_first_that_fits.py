"""The lowest of several moves."""

import numpy as np
from solution import *

LOSES = ("test_to_one_key",)
SAYS = "the lowest was taken"


def to_one_key(steps):
    note, wide = steps < HOLD, steps.astype(np.int64)
    fits = {move: is_white(wide[note] + move).sum() for move in range(-6, 6)}
    best = max(fits, key=lambda move: fits[move])
    return np.where(note, wide + best, wide).astype(np.uint8)
