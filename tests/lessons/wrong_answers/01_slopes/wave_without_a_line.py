"""The numbers alone, without an explanation."""

from solution import *

LOSES = ("test_best_step_of_a_wave",)
SAYS = "explain them in a line of your own"

WHY_THE_STEP_CHANGES = ""
