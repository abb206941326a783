"""Gives back what it got."""

from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "the codes are as they were"


def repair(broken, destroyed, whole):
    return broken.copy()
