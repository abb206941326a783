"""No line for a person."""

from solution import *

LOSES = ("test_prior_gap",)
SAYS = "write your line"

WHY_SO_MANY = ""
