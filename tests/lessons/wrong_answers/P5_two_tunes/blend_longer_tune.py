"""The tunes have to be as long as each other."""

import numpy as np
from solution import *

LOSES = ("test_blend",)
SAYS = "as the shorter one has"


def blend(encode, decode, one, other, count):
    pieces = max(len(one), len(other)) // (2 * BAR)
    codes = [encode(cut(tune, 2 * BAR)[:pieces])[0] for tune in (one, other)]
    most = [np.resize(code, (pieces, code.shape[1])) for code in codes]
    ways = np.array([journey(a, b, count) for a, b in zip(*most)])
    steps = decode(ways.reshape(pieces * count, -1))
    return steps.reshape(pieces, count, -1).swapaxes(0, 1).reshape(count, -1)
