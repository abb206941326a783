"""The draft: the tested rows begin with those that were learnt from."""

import numpy as np
from solution import *

LOSES = ("test_honest_score",)
SAYS = "asked twice with one seed"


def honest_score(x, labels, labelled, tested, penalties, seed, fit, choose):
    learnt = some_rows(np.arange(len(x)), labelled, seed)
    asked = some_rows(np.arange(len(x)), tested, seed)
    (everything,) = standardise(x)
    known, new = everything[learnt], everything[asked]
    readers = [fit(known, labels[learnt], penalty) for penalty in penalties]
    return learnt, asked, max((read(new, *reader) == labels[asked]).mean() for reader in readers)
