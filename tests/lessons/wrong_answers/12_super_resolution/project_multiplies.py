"""It agrees with the small picture, but is not the nearest."""

from solution import *

LOSES = ("test_project",)
SAYS = "blocks were multiplied"


def project(answer, small, factor):
    return answer * enlarge_nearest(small / shrink(answer, factor), factor)
