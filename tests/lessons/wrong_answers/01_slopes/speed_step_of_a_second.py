"""A longer step hides the rounding, and passes by all that turns within it."""

from solution import *

LOSES = ("test_speed_of_a_swing",)
SAYS = "the swing has turned in that time"


def speed(position, time, h):
    return (position(time + 1.0) - position(time - 1.0)) / 2.0
