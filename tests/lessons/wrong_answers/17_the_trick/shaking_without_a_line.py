"""Does not say why."""

from solution import *

LOSES = ("test_shaking",)
SAYS = "write your line"


WHY_IT_SHAKES = ""
