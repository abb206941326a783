"""A single column is asked."""

import numpy as np
from solution import *

LOSES = ("test_is_dropout_knows_the_dice",)
SAYS = "the zeros of two columns"


def is_dropout(drop, seed):
    x = np.ones((60_000, 1))
    ours, others = drop(x, 0.2, seed), drop(x, 0.2, seed + 1)
    fine = np.allclose(ours, (ours > 0) / 0.8) and abs((ours == 0).mean() - 0.2) < 0.01
    return bool(fine and (ours != others).any())
