"""All numbers go into the guess."""

import numpy as np
from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "a destroyed number was used"


def repair(broken, destroyed, whole):
    flat, mean = whole.reshape(len(whole), -1), whole.mean(axis=0).ravel()
    lost = whole[:, destroyed]
    weight = np.linalg.lstsq(flat - mean, lost - lost.mean(axis=0), rcond=None)[0]
    repaired = broken.copy()
    repaired[:, destroyed] = (broken.reshape(len(broken), -1) - mean) @ weight + lost.mean(axis=0)
    return repaired
