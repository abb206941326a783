"""A median, but not in turns."""

import numpy as np
from solution import *

LOSES = ("test_race_on_a_busy_machine",)
SAYS = "on a machine that is busy"


def race(ways, make_input, rounds, clock):
    for way in ways:
        way(make_input())
    seconds = []
    for way in ways:
        times = []
        for _ in range(rounds):
            x = make_input()
            start = clock()
            way(x)
            times.append(clock() - start)
        seconds.append(float(np.median(times)))
    return seconds
