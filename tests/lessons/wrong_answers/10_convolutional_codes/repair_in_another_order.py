"""The guesses are put back in another order."""

import numpy as np
from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "in the wrong places"


def repair(broken, destroyed, whole):
    left, lost = whole[:, ~destroyed], whole[:, destroyed]
    mean = left.mean(axis=0)
    weight = np.linalg.lstsq(left - mean, lost - lost.mean(axis=0), rcond=None)[0]
    repaired = broken.copy()
    repaired[:, destroyed] = (broken[:, ~destroyed] - mean) @ weight + lost.mean(axis=0)
    repaired[:, destroyed] = repaired[:, destroyed][:, ::-1]
    return repaired
