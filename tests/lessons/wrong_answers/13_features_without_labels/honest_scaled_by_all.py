"""All rows are standardised together."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "all rows have a part"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    rows = some_rows(np.arange(len(x)), labelled + tested, seed)
    learnt, asked = rows[:labelled], rows[labelled:]
    (everything,) = standardise(x)
    known, new = everything[learnt], everything[asked]
    weight, bias = fit(known, labels[learnt], choose(known, labels[learnt], penalties))
    return learnt, asked, (read(new, weight, bias) == labels[asked]).mean()
