"""Clipped, it does not agree any more."""

from solution import *

LOSES = ("test_project",)
SAYS = "it was clipped"


def project(answer, small, factor):
    return (answer + enlarge_nearest(small - shrink(answer, factor), factor)).clip(0, 1)
