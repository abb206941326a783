"""A rate 100 times smaller, 100 times as many steps: not run."""

from solution import *

LOSES = ("test_steps_to_pass",)
SAYS = "as if steps and rate went in proportion"


def steps_to_pass(rate):
    return round(0.25 / rate)
