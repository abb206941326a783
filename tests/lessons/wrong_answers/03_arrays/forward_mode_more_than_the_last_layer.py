"""More outputs than the last layer has."""

from solution import *

LOSES = ("test_outputs_for_forward_mode",)
SAYS = "a belief. Count the multiplications"


def outputs_for_forward_mode(sizes):
    return sizes[-1] + 1
