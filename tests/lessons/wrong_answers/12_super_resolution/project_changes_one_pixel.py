"""One pixel of each block pays for all."""

from solution import *

LOSES = ("test_project",)
SAYS = "a little on all of them"


def project(answer, small, factor):
    answer = answer.copy()
    missing = factor**2 * (small - shrink(answer, factor))
    answer[..., ::factor, ::factor] += missing
    return answer
