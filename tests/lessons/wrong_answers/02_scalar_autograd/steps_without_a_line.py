"""The numbers alone, without an explanation."""

from solution import *

LOSES = ("test_steps_to_pass",)
SAYS = "explain them in a line of your own"

WHY_SO_FEW_STEPS = ""
