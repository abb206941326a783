"""Times a, for over a."""

from solution import *

LOSES = ("test_best_step_of_a_wave",)
SAYS = "does a narrow wave need a longer step?"


def best_step_of_a_wave(a):
    return 6e-6 * a
