"""Not fixed."""

from solution import *

LOSES = ("test_speed_of_a_steady_walk", "test_speed_of_a_swing")
SAYS = ("it is not fixed yet", "it is not fixed yet")


def speed(position, time, h):
    return (position(time + h) - position(time - h)) / (2 * h)
