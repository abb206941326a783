"""Real codes, picked."""

import numpy as np
from solution import *

LOSES = ("test_draw_codes",)
SAYS = "is among the drawn ones"


def draw_codes(codes, count, seed):
    return codes[np.random.default_rng(seed).integers(0, len(codes), count)]
