"""No line."""

from solution import *

LOSES = ("test_signal_to_noise",)
SAYS = "write your line"


WHY_IT_FADES = ""
