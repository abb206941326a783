"""All steps count."""

from solution import *

LOSES = ("test_onsets_by_bar",)
SAYS = "holds are not asked for"


def onsets_by_bar(found, truth, bars):
    return (found == truth).reshape(len(truth), bars, -1).mean(axis=(0, 2))
