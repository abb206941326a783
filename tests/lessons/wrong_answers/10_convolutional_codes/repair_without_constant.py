"""Through the origin."""

import numpy as np
from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "the linear function has no constant"


def repair(broken, destroyed, whole):
    weight = np.linalg.lstsq(whole[:, ~destroyed], whole[:, destroyed], rcond=None)[0]
    repaired = broken.copy()
    repaired[:, destroyed] = broken[:, ~destroyed] @ weight
    return repaired
