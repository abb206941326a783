"""Each step goes along its own gradient alone, so the weight never runs past 1."""

from solution import *

LOSES = ("test_steps_to_pass",)
SAYS = "along the sum of all gradients so far"


def steps_to_pass(rate):
    w = 0.0
    for step in range(1, 1000):
        w -= rate * 2 * (w - 1)
        if w > 1:
            return step
