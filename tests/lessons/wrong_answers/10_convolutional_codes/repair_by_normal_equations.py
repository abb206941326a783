"""An inverse that is not there."""

import numpy as np
from solution import *

LOSES = ("test_repair_where_some_numbers_say_nothing_new",)
SAYS = "np.linalg.lstsq finds one"


def repair(broken, destroyed, whole):
    left, lost = whole[:, ~destroyed], whole[:, destroyed]
    mean = left.mean(axis=0)
    a, b = left - mean, lost - lost.mean(axis=0)
    weight = np.linalg.inv(a.T @ a) @ (a.T @ b)
    repaired = broken.copy()
    repaired[:, destroyed] = (broken[:, ~destroyed] - mean) @ weight + lost.mean(axis=0)
    return repaired
