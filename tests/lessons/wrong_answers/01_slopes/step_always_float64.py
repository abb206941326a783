"""One step for all dtypes: Python's own eps."""

import sys

from solution import *

LOSES = ("test_best_step",)
SAYS = "for the other dtype"


def best_step(rule, dtype):
    return sys.float_info.epsilon ** {"forward": 1 / 2, "central": 1 / 3}[rule]
