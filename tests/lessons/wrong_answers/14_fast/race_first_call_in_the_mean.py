"""In turns and outside, but the first call and a mean."""

import numpy as np
from solution import *

LOSES = ("test_race_measures_the_call_alone", "test_race_on_a_busy_machine")
SAYS = "the first call is measured too"


def race(ways, make_input, rounds, clock):
    times = [[] for _ in ways]
    for _ in range(rounds):
        for way, taken in zip(ways, times, strict=True):
            x = make_input()
            start = clock()
            way(x)
            taken.append(clock() - start)
    return [float(np.mean(taken)) for taken in times]
