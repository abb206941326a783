"""Counts holds, too."""

from solution import *

LOSES = ("test_notes_found",)
SAYS = "holds are easy"


def notes_found(x, z, state, step, kinds, pitches):
    found = free_run(step, state, z, x.shape[1], kinds, 0, 0)
    return (found == x).mean()
