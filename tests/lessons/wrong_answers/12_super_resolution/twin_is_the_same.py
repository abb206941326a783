"""The picture itself."""

from solution import *

LOSES = ("test_twin",)
SAYS = "blocks look as before"


def twin(large, factor):
    return large.copy()
