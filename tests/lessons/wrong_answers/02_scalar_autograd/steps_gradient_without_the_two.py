"""The gradient of (w - 1)² taken for w - 1."""

from solution import *

LOSES = ("test_steps_to_pass",)
SAYS = "the gradient of (w - 1)² is 2 (w - 1)"


def steps_to_pass(rate):
    w = total = steps = 0
    while w <= 1:
        total += w - 1
        w -= rate * total
        steps += 1
    return steps
