"""Counted from 1."""

from solution import *

LOSES = ("test_survivors",)
SAYS = "counted from 0"


def survivors(test, program, mutants):
    if not test(program):
        return list(range(len(mutants)))
    return [place for place, mutant in enumerate(mutants, 1) if test(mutant)]
