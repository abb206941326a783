"""No line is written."""

from solution import *

LOSES = ("test_change_by_noise",)
SAYS = "write your line"
WHY_NOT_TWICE = ""
