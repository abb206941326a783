"""More outputs than inputs: the rule of thumb."""

from solution import *

LOSES = ("test_outputs_for_forward_mode",)
SAYS = "more outputs than inputs: a belief"


def outputs_for_forward_mode(sizes):
    return sizes[0] + 1
