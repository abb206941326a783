"""Flags in place of places."""

from solution import *

LOSES = ("test_survivors",)
SAYS = "the places are asked for"


def survivors(test, program, mutants):
    if not test(program):
        return list(range(len(mutants)))
    return [test(mutant) for mutant in mutants]
