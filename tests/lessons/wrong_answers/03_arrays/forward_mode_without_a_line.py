"""The number alone."""

from solution import *

LOSES = ("test_outputs_for_forward_mode",)
SAYS = "WHY_SO_FEW: write your line"


WHY_SO_FEW = ""
