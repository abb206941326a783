"""No line for the person who reads it."""

from solution import *

LOSES = ("test_shift_and_mask",)
SAYS = "write your line"


WHY_NOT_MOVED = ""
