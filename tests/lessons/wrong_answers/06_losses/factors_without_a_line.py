"""The number alone."""

from solution import *

LOSES = ("test_factors_until_zero",)
SAYS = "WHY_THEN: write your line"


WHY_THEN = ""
