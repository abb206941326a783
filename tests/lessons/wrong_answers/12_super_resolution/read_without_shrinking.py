"""The digits are compared at full size."""

import numpy as np
from solution import *

LOSES = ("test_read_rightly",)
SAYS = "pictures that were not shrunk"


def read_rightly(known, known_labels, new, new_labels, factor):
    known, new = known.reshape(len(known), -1), new.reshape(len(new), -1)
    nearest = [((known - one) ** 2).sum(axis=1).argmin() for one in new]
    return float(np.mean(known_labels[nearest] == new_labels))
