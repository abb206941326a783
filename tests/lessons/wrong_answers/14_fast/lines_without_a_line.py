"""No reason."""

from solution import *

LOSES = ("test_lines_loaded",)
SAYS = "say it in a line"


WHY = ""
