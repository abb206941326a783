"""No call before."""

import numpy as np
from solution import *

LOSES = ("test_race_measures_the_call_alone",)
SAYS = "calls of each way"


def race(ways, make_input, rounds, clock):
    times = [[] for _ in ways]
    for _ in range(rounds):
        for way, taken in zip(ways, times, strict=True):
            x = make_input()
            start = clock()
            way(x)
            taken.append(clock() - start)
    return [float(np.median(taken)) for taken in times]
