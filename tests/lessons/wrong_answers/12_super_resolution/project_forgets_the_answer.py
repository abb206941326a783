"""The detail is thrown away."""

from solution import *

LOSES = ("test_project",)
SAYS = "the detail of the answer is gone"


def project(answer, small, factor):
    return enlarge_nearest(small, factor)
