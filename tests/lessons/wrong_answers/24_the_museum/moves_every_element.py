"""Each element of its own must move."""

from solution import *

LOSES = ("test_moves_only",)
SAYS = "one element of each array"


def moves_only(step, weights, own):
    after = step(weights)
    moved = [place for place, (a, b) in enumerate(zip(weights, after)) if (a != b).all()]
    return moved == sorted(own)
