"""Means of the wrong codes."""

import numpy as np
from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "take those of the whole ones"


def repair(broken, destroyed, whole):
    left, lost = whole[:, ~destroyed], whole[:, destroyed]
    mean = left.mean(axis=0)
    weight = np.linalg.lstsq(left - mean, lost - lost.mean(axis=0), rcond=None)[0]
    repaired = broken.copy()
    repaired[:, destroyed] = (broken[:, ~destroyed] - broken[:, ~destroyed].mean(axis=0)) @ weight + lost.mean(axis=0)
    return repaired
