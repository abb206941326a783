"""A central difference in its own right, with half the step: no listed mistake, so only expected and found are told."""

from solution import *  # noqa: F403

LOSES = ("test_central_difference",)
SAYS = "central_difference: expected"


def central_difference(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h
