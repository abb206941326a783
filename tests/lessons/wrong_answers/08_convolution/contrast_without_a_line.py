"""The number alone."""

from solution import *

LOSES = ("test_contrast",)
SAYS = "WHICH_AND_WHY: write your line"


WHICH_AND_WHY = ""
