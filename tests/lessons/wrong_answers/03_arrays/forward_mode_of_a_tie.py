"""Equally many are enough for it."""

from itertools import pairwise

from solution import *

LOSES = ("test_outputs_for_forward_mode",)
SAYS = "fewer are asked for"


def outputs_for_forward_mode(sizes):
    m, from_output, from_input = 0, 0, 1
    while from_output < from_input:
        m += 1
        from_output = sum(m * b * a for a, b in pairwise(sizes))
        from_input = sum(c * b * sizes[0] for b, c in pairwise((*sizes[1:], m)))
    return m
