"""With a tolerance."""

import numpy as np
from solution import *

LOSES = ("test_moves_only",)
SAYS = "moves_only"


def moves_only(step, weights, own):
    after = step(weights)
    moved = [place for place, (a, b) in enumerate(zip(weights, after)) if not np.allclose(a, b)]
    return moved == sorted(own)
