"""The rows are the same for all seeds."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "the seed is not used"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    rows = some_rows(np.arange(len(x)), labelled + tested, 0)
    learnt, asked = rows[:labelled], rows[labelled:]
    known, new = standardise(x[learnt], x[asked])
    weight, bias = fit(known, labels[learnt], choose(known, labels[learnt], penalties))
    return learnt, asked, (read(new, weight, bias) == labels[asked]).mean()
