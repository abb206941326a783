"""The line is missing."""

from solution import *

LOSES = ("test_least_kl",)
SAYS = "write your line"


WHY_THEN = ""
