"""Divides by what was written."""

from solution import *

LOSES = ("test_onsets_by_bar",)
SAYS = "divided by the notes that were written"


def onsets_by_bar(found, truth, bars):
    note, made = truth < 128, found < 128
    hit, due = note & (found == truth), made
    of_bars = lambda mask: mask.reshape(len(truth), bars, -1).sum(axis=(0, 2))
    return of_bars(hit) / of_bars(due)
