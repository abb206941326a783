"""The number alone."""

from solution import *

LOSES = ("test_samples_until_seen",)
SAYS = "WHY_SO_MANY: write your line"

WHY_SO_MANY = ""
