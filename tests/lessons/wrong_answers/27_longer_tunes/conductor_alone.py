"""No slope goes from bar to bar."""

from solution import *

LOSES = ("test_conductor",)
SAYS = "no slope goes from a bar to the bar before"


def conductor(z, h, cell, bars):
    states, ways_back = [], []
    for _ in range(bars):
        h, ways = cell(z, h)
        states.append(h)
        ways_back.append(ways)

    def walk(g):
        in_z, in_h = 0, 0
        for of_state, (to_z, to_h) in zip(g[::-1], ways_back[::-1]):
            in_z, in_h = in_z + to_z(of_state), to_h(of_state)
        return in_z, in_h

    return np.stack(states), (lambda g: walk(g)[0], lambda g: walk(g)[1])
