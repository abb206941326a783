"""Some of its own is enough."""

from solution import *

LOSES = ("test_moves_only",)
SAYS = "leaves one of its own"


def moves_only(step, weights, own):
    after = step(weights)
    moved = [place for place, (a, b) in enumerate(zip(weights, after)) if (a != b).any()]
    return bool(moved) and set(moved) <= set(own)
