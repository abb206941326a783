"""Black and white are swapped."""

from solution import *

LOSES = ("test_twin",)
SAYS = "black and white were swapped"


def twin(large, factor):
    return 1 - large
