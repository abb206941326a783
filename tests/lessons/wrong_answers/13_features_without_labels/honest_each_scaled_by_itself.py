"""Two standardisations."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "standardised by themselves"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    rows = some_rows(np.arange(len(x)), labelled + tested, seed)
    learnt, asked = rows[:labelled], rows[labelled:]
    known, new = standardise(x[learnt])[0], standardise(x[asked])[0]
    weight, bias = fit(known, labels[learnt], choose(known, labels[learnt], penalties))
    return learnt, asked, (read(new, weight, bias) == labels[asked]).mean()
