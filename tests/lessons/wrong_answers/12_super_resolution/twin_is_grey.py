"""The mean in every pixel: the same small picture, but not black and white."""

from solution import *

LOSES = ("test_twin",)
SAYS = "expected pixels of 0 and 1 only"


def twin(large, factor):
    return enlarge_nearest(shrink(large, factor), factor)
