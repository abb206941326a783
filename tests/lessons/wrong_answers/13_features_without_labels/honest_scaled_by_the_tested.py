"""Standardised by the tested rows."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "mean and scale were taken from the tested rows"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    rows = some_rows(np.arange(len(x)), labelled + tested, seed)
    learnt, asked = rows[:labelled], rows[labelled:]
    new, known = standardise(x[asked], x[learnt])
    weight, bias = fit(known, labels[learnt], choose(known, labels[learnt], penalties))
    return learnt, asked, (read(new, weight, bias) == labels[asked]).mean()
