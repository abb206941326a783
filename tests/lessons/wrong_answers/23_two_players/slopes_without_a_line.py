"""Writes no line."""

from solution import *

LOSES = ("test_slopes_of_a_forger",)
SAYS = "write your line"

WHY_IT_STOPS = ""
