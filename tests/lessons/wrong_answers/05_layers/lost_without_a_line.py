"""No explanation."""

from solution import *

LOSES = ("test_layers_until_lost",)
SAYS = "write your line"


WHY_THIS_WIDTH = ""
