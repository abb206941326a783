"""The numbers without the line."""

from solution import *

LOSES = ("test_missed_and_empty",)
SAYS = "write your line"


WHY_NOT_EVEN = ""
