"""Its own are not looked at."""

from solution import *

LOSES = ("test_moves_only",)
SAYS = "moves_only lets a wrong program pass"


def moves_only(step, weights, own):
    after = step(weights)
    moved = [place for place, (a, b) in enumerate(zip(weights, after)) if (a != b).any()]
    return set(moved) <= set(own)
