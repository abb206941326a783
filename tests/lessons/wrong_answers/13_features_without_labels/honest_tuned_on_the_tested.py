"""The penalty is chosen by the tested rows."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "reads the tested rows best"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    rows = some_rows(np.arange(len(x)), labelled + tested, seed)
    learnt, asked = rows[:labelled], rows[labelled:]
    known, new = standardise(x[learnt], x[asked])
    readers = [fit(known, labels[learnt], penalty) for penalty in penalties]
    return learnt, asked, max((read(new, *reader) == labels[asked]).mean() for reader in readers)
