"""Only the draw of rows is as it was: the helper gives the same order again."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "asked twice with one seed"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    learnt = some_rows(np.arange(len(x)), labelled, seed)
    asked = some_rows(np.arange(len(x)), tested, seed)
    known, new = standardise(x[learnt], x[asked])
    weight, bias = fit(known, labels[learnt], choose(known, labels[learnt], penalties))
    return learnt, asked, (read(new, weight, bias) == labels[asked]).mean()
