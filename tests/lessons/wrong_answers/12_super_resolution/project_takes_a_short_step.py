"""The adjoint where enlarge_nearest is needed."""

from solution import *

LOSES = ("test_project",)
SAYS = "that step is too short"


def project(answer, small, factor):
    return answer + shrink_adjoint(small - shrink(answer, factor), factor)
