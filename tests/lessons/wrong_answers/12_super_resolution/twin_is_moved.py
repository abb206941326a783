"""The whole picture moves by a pixel."""

import numpy as np
from solution import *

LOSES = ("test_twin",)
SAYS = "have another mean than before"


def twin(large, factor):
    return np.roll(large, 1, axis=1)
