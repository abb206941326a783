"""As many as the numbers in a line."""

from solution import *

LOSES = ("test_lines_loaded",)
SAYS = "from which number on"


LINES_TO_KEEP = 16
