"""Says nothing."""

from solution import *

LOSES = ("test_nats_left",)
SAYS = "WHY_IT_LISTENS is still empty"


WHY_IT_LISTENS = ""
