"""The difference has the wrong sign."""

from solution import *

LOSES = ("test_project",)
SAYS = "leads away from the small picture"


def project(answer, small, factor):
    return answer - enlarge_nearest(small - shrink(answer, factor), factor)
