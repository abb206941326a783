"""Each pitch counts once, however often it comes."""

import numpy as np
from solution import *

LOSES = ("test_to_one_key",)
SAYS = "expected"


def to_one_key(steps):
    note, wide = steps < HOLD, steps.astype(np.int64)
    fits = {move: is_white(np.unique(wide[note]) + move).sum() for move in range(-6, 6)}
    best = max(fits, key=lambda move: (fits[move], -abs(move), -move))
    return np.where(note, wide + best, wide).astype(np.uint8)
