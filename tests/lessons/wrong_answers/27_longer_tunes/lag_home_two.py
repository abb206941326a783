"""Did not run it."""

from solution import *

LOSES = ("test_by_lag",)
SAYS = "the distance at which bars are most alike"


HOME_AFTER = 2
