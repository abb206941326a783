"""One input for all."""

import numpy as np
from solution import *

LOSES = ("test_race_measures_the_call_alone",)
SAYS = "an input was given to two calls"


def race(ways, make_input, rounds, clock):
    for way in ways:
        way(make_input())
    times = [[] for _ in ways]
    x = make_input()
    for _ in range(rounds):
        for way, taken in zip(ways, times, strict=True):
            start = clock()
            way(x)
            taken.append(clock() - start)
    return [float(np.median(taken)) for taken in times]
