"""The rule of thumb, which holds where f changes its shape over a distance near 1."""

from solution import *
from solution import best_step

LOSES = ("test_best_step_of_a_wave",)
SAYS = "the step is the same for all waves"


def best_step_of_a_wave(a):
    return best_step("central", "float64")
