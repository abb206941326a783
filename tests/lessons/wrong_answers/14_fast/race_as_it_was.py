"""The stopwatch as it was."""

from solution import *

LOSES = ("test_race_measures_the_call_alone", "test_race_on_a_busy_machine")
SAYS = "the first call and the making of the input"


def race(ways, make_input, rounds, clock):
    seconds = []
    for way in ways:
        start = clock()
        for _ in range(rounds):
            way(make_input())
        seconds.append((clock() - start) / rounds)
    return seconds
