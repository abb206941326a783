"""Counts what was there."""

from solution import *

LOSES = ("test_lines_loaded",)
SAYS = "counted is what was there"


def lines_loaded(addresses, line, kept):
    cache, there = [], 0
    for address in addresses:
        number = address // line
        if number in cache:
            cache.remove(number)
            there += 1
        cache = [*cache, number][-kept:]
    return there
