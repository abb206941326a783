"""No explanation."""

from solution import *

LOSES = ("test_mean_accuracy",)
SAYS = "write your line"


WHY_A_DIP = ""
