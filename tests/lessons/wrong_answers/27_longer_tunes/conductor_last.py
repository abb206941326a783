"""The last code alone."""

from solution import *

LOSES = ("test_conductor",)
SAYS = "a code for every bar"


def conductor(z, h, cell, bars):
    states, ways_back = [], []
    for _ in range(bars):
        h, ways = cell(z, h)
        states.append(h)
        ways_back.append(ways)

    def walk(g):
        in_z, in_h = 0, 0
        for of_state, (to_z, to_h) in zip(g[::-1], ways_back[::-1]):
            through = of_state + in_h
            in_z, in_h = in_z + to_z(through), to_h(through)
        return in_z, in_h

    return h, (lambda g: walk(g)[0], lambda g: walk(g)[1])
