"""Only the mean is looked at."""

import numpy as np
from solution import *

LOSES = (
    "test_is_dropout_knows_the_numbers",
    "test_is_dropout_knows_the_dice",
)
SAYS = "is_dropout lets a wrong program pass"


def is_dropout(drop, seed):
    found = drop(np.ones((300, 300)), 0.2, seed)
    error = np.sqrt(0.2 / 0.8) / 300
    return bool(abs(found.mean() - 1) < 5 * error)
