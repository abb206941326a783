"""The number alone."""

from solution import *

LOSES = ("test_guessers_needed",)
SAYS = "WHY_SO_LUCKY: write your line"


WHY_SO_LUCKY = ""
