"""The oldest line goes."""

from solution import *

LOSES = ("test_lines_loaded",)
SAYS = "the line that came first has gone"


def lines_loaded(addresses, line, kept):
    cache, loaded = [], 0
    for address in addresses:
        number = address // line
        if number not in cache:
            loaded += 1
            cache = [*cache, number][-kept:]
    return loaded
