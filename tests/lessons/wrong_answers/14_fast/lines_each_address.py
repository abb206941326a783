"""An address is a line."""

from solution import *

LOSES = ("test_lines_loaded",)
SAYS = "each address is taken as a line"


def lines_loaded(addresses, line, kept):
    cache, loaded = [], 0
    for address in addresses:
        number = address
        if number in cache:
            cache.remove(number)
        else:
            loaded += 1
        cache = [*cache, number][-kept:]
    return loaded
