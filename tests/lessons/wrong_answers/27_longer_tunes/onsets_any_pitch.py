"""A note of any pitch will do."""

from solution import *

LOSES = ("test_onsets_by_bar",)
SAYS = "another pitch is not right"


def onsets_by_bar(found, truth, bars):
    note = truth < 128
    made = found < 128
    hit, due = note & made, note
    of_bars = lambda mask: mask.reshape(len(truth), bars, -1).sum(axis=(0, 2))
    return of_bars(hit) / of_bars(due)
