"""The weight before the first step is counted too."""

from solution import *
from solution import steps_to_pass as right

LOSES = ("test_steps_to_pass",)
SAYS = "one step too many"


def steps_to_pass(rate):
    return right(rate) + 1
