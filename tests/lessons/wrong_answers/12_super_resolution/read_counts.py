"""How many, not which part."""

import numpy as np
from solution import *

LOSES = ("test_read_rightly",)
SAYS = "asked is which part"


def read_rightly(known, known_labels, new, new_labels, factor):
    known, new = shrink(known, factor).reshape(len(known), -1), shrink(new, factor).reshape(len(new), -1)
    nearest = [((known - one) ** 2).sum(axis=1).argmin() for one in new]
    return float(np.sum(known_labels[nearest] == new_labels))
