"""0 in the destroyed places."""

import numpy as np
from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "the destroyed numbers are 0"


def repair(broken, destroyed, whole):
    return np.where(destroyed, 0, broken)
