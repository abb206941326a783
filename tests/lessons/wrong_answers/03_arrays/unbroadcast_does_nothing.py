"""g comes back as it is."""

from solution import *

LOSES = ("test_unbroadcast_sums_the_axes_in_front", "test_unbroadcast_sums_axes_of_size_1_and_keeps_them")
SAYS = "g came back as it is"


def unbroadcast(g, shape):
    return g
