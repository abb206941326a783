"""The line is missing."""

from solution import *

LOSES = ("test_trained_and_tested",)
SAYS = "write your line"


TOO_LOW_OR_TOO_HIGH = ""
