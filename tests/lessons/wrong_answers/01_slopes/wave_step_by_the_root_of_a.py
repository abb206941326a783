"""The third root of a, for that of a³."""

from solution import *

LOSES = ("test_best_step_of_a_wave",)
SAYS = "how does f''' grow with a?"


def best_step_of_a_wave(a):
    return 6e-6 / a ** (1 / 3)
