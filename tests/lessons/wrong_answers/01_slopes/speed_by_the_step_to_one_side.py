"""The step that was taken, but only the one to the right."""

from solution import *

LOSES = ("test_speed_of_a_steady_walk", "test_speed_of_a_swing")
SAYS = ("it is twice as large", "it is twice as large")


def speed(position, time, h):
    return (position(time + h) - position(time - h)) / ((time + h) - time)
