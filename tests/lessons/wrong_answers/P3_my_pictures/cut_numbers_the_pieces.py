"""Each piece is its own owner: no split can keep pictures apart then."""

import numpy as np
from solution import *
from solution import cut as solution_cut

LOSES = ("test_cut",)
SAYS = "the same for all its pieces"


def cut(pictures, size, step):
    pieces, _ = solution_cut(pictures, size, step)
    return pieces, np.arange(len(pieces))
