"""A test that refuses everything has killed all."""

from solution import *

LOSES = ("test_survivors",)
SAYS = "an objection to everything kills nothing"


def survivors(test, program, mutants):
    if not test(program):
        return []
    return [place for place, mutant in enumerate(mutants) if test(mutant)]
