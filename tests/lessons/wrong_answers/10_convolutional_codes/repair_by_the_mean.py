"""The mean of what was destroyed."""

from solution import *

LOSES = ("test_repair", "test_repair_where_some_numbers_say_nothing_new")
SAYS = "what is left of each code says more"


def repair(broken, destroyed, whole):
    repaired = broken.copy()
    repaired[:, destroyed] = whole[:, destroyed].mean(axis=0)
    return repaired
