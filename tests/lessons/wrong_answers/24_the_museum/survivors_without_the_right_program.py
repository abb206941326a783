"""It never asks the right program."""

from solution import *

LOSES = ("test_survivors",)
SAYS = "the right program was not asked"


def survivors(test, program, mutants):
    return [place for place, mutant in enumerate(mutants) if test(mutant)]
