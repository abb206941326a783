"""B9: an option that changes nothing."""

from solution import *

LOSES = ("test_lines_loaded",)
SAYS = "kept is ignored"


def lines_loaded(addresses, line, kept):
    cache, loaded = [], 0
    for address in addresses:
        number = address // line
        if number in cache:
            cache.remove(number)
        else:
            loaded += 1
        cache = [*cache, number]
    return loaded
