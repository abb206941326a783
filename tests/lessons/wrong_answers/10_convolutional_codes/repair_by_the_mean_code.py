"""The mean code, everywhere."""

import numpy as np
from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "keep what is left"


def repair(broken, destroyed, whole):
    return np.repeat(whole.mean(axis=0, keepdims=True), len(broken), axis=0)
