"""f''' is a³ times as large, so the step is a³ times as short?"""

from solution import *

LOSES = ("test_best_step_of_a_wave",)
SAYS = "the step has a third root of it"


def best_step_of_a_wave(a):
    return 6e-6 / a**3
