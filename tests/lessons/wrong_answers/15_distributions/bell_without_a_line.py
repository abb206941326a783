"""No line."""

from solution import *

LOSES = ("test_best_bell",)
SAYS = "A person reads it"

WHY_IT_HIDES = "?"
