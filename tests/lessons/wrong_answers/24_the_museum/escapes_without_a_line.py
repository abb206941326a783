"""No line."""

from solution import *

LOSES = ("test_escapes",)
SAYS = "write your line"


WHY_IT_ESCAPES = ""
