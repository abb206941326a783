"""The ladder ends at z."""

from solution import *
from solution import ladder as of_solution

LOSES = ("test_ladder_last_layer", "test_ladder_division", "test_ladder_first_layer")
SAYS = ("a dict of 9, without w1, b1, x", "a dict of 9, without w1, b1, x", "a dict of 9, without w1, b1, x")


def ladder(x, target, w1, b1, w2, b2):
    rungs = of_solution(x, target, w1, b1, w2, b2)
    return {name: rungs[name] for name in ("d", "y", "w2", "b2", "h", "u", "r", "m", "z")}
