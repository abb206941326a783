"""From the other tune to the first."""

import numpy as np
from solution import *

LOSES = ("test_blend",)
SAYS = "the opposite order"


def blend(encode, decode, one, other, count):
    pieces = min(len(one), len(other)) // (2 * BAR)
    codes = [encode(cut(tune, 2 * BAR)[:pieces])[0] for tune in (other, one)]
    ways = np.array([journey(a, b, count) for a, b in zip(*codes)])
    steps = decode(ways.reshape(pieces * count, -1))
    return steps.reshape(pieces, count, -1).swapaxes(0, 1).reshape(count, -1)
