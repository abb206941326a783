"""Lets a line go too late."""

from solution import *

LOSES = ("test_lines_loaded",)
SAYS = "one line too many"


def lines_loaded(addresses, line, kept):
    cache, loaded = [], 0
    for address in addresses:
        number = address // line
        if number in cache:
            cache.remove(number)
        else:
            loaded += 1
        cache = [*cache, number][-kept - 1 :]
    return loaded
