"""Makes the input while the clock runs."""

import numpy as np
from solution import *

LOSES = ("test_race_measures_the_call_alone",)
SAYS = "making the input is measured"


def race(ways, make_input, rounds, clock):
    for way in ways:
        way(make_input())
    times = [[] for _ in ways]
    for _ in range(rounds):
        for way, taken in zip(ways, times, strict=True):
            start = clock()
            way(make_input())
            taken.append(clock() - start)
    return [float(np.median(taken)) for taken in times]
