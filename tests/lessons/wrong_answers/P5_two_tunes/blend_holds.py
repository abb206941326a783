"""Melodies begin with a hold."""

import numpy as np
from solution import *

LOSES = ("test_blend",)
SAYS = "use `cut`"


def blend(encode, decode, one, other, count):
    pieces = min(len(one), len(other)) // (2 * BAR)
    codes = [encode(tune[: 2 * BAR * pieces].reshape(pieces, -1))[0] for tune in (one, other)]
    ways = np.array([journey(a, b, count) for a, b in zip(*codes)])
    steps = decode(ways.reshape(pieces * count, -1))
    return steps.reshape(pieces, count, -1).swapaxes(0, 1).reshape(count, -1)
