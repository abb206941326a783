"""Only the last code's slope goes back."""

from solution import *

LOSES = ("test_conductor",)
SAYS = "only the last code's slope"


def conductor(z, h, cell, bars):
    states, ways_back = [], []
    for _ in range(bars):
        h, ways = cell(z, h)
        states.append(h)
        ways_back.append(ways)

    def walk(g):
        in_z, in_h = 0, 0
        in_h = g[-1]
        for to_z, to_h in ways_back[::-1]:
            in_z, in_h = in_z + to_z(in_h), to_h(in_h)
        return in_z, in_h

    return np.stack(states), (lambda g: walk(g)[0], lambda g: walk(g)[1])
