"""No line about the squares."""

from solution import *

LOSES = ("test_encoder_gap",)
SAYS = "write your line"


WHY_SQUARES = ""
