"""The answer's own means stay."""

from solution import *

LOSES = ("test_project",)
SAYS = "take them away first"


def project(answer, small, factor):
    return answer + enlarge_nearest(small, factor)
