"""Of the dB of each piece."""

import numpy as np
from solution import *
from solution import compare as solution_compare

LOSES = ("test_compare",)
SAYS = "average the squared errors first"


def compare(copies, k, learned, new):
    each = [solution_compare(copies[i : i + 1], k, learned, new[i : i + 1]) for i in range(len(new))]
    return tuple(np.mean(each, axis=0).tolist())
