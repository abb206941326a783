"""The largest product: bright pictures win."""

import numpy as np
from solution import *

LOSES = ("test_read_rightly",)
SAYS = "bright pictures win it"


def read_rightly(known, known_labels, new, new_labels, factor):
    known, new = shrink(known, factor).reshape(len(known), -1), shrink(new, factor).reshape(len(new), -1)
    return float(np.mean(known_labels[(new @ known.T).argmax(axis=1)] == new_labels))
