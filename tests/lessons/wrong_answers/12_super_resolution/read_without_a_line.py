"""The experiment is run, and not explained."""

from solution import *

LOSES = ("test_read_rightly",)
SAYS = "write your line"

WHY_STILL_READABLE = ""
