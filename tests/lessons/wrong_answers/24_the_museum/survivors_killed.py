"""The places of those that were killed."""

from solution import *

LOSES = ("test_survivors",)
SAYS = "these are the mutants that were killed"


def survivors(test, program, mutants):
    if not test(program):
        return list(range(len(mutants)))
    return [place for place, mutant in enumerate(mutants) if not test(mutant)]
