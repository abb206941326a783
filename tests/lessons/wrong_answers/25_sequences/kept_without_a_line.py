"""No line."""

from solution import *

LOSES = ("test_kept",)
SAYS = "say in a line"

WHY_IT_KEEPS = ""
