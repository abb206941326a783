"""The rule for forward differences, scaled rightly."""

from solution import *

LOSES = ("test_best_step_of_a_wave",)
SAYS = "that is the step for forward differences"


def best_step_of_a_wave(a):
    return 1.5e-8 / a
