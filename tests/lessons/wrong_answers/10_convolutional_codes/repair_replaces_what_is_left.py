"""Destroyed and left are exchanged (the mask is inverted)."""

import numpy as np
from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "numbers that were not destroyed have changed"


def repair(broken, destroyed, whole):
    destroyed = ~destroyed
    left, lost = whole[:, ~destroyed], whole[:, destroyed]
    mean = left.mean(axis=0)
    weight = np.linalg.lstsq(left - mean, lost - lost.mean(axis=0), rcond=None)[0]
    repaired = np.nan_to_num(broken)
    repaired[:, destroyed] = (np.nan_to_num(broken)[:, ~destroyed] - mean) @ weight + lost.mean(axis=0)
    return repaired
