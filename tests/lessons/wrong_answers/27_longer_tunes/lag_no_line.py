"""No explanation."""

from solution import *

LOSES = ("test_by_lag",)
SAYS = "explain it in a line"


WHAT_TO_KEEP = ""
