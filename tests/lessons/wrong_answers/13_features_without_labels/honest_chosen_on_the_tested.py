"""`choose` sees the tested rows."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "was given the tested rows"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    rows = some_rows(np.arange(len(x)), labelled + tested, seed)
    learnt, asked = rows[:labelled], rows[labelled:]
    known, new = standardise(x[learnt], x[asked])
    weight, bias = fit(known, labels[learnt], choose(new, labels[asked], penalties))
    return learnt, asked, (read(new, weight, bias) == labels[asked]).mean()
