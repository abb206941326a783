"""A bit for a nat."""

import numpy as np
from solution import *

LOSES = ("test_nats_per_example",)
SAYS = "bits are not nats"


def nats_per_example(value, unit, examples, numbers):
    measure, _, per = unit.split()
    bit = np.log(2) if measure == "bits" else 1.0
    factor = {"example": 1, "number": numbers, "batch": 1 / examples}[per]
    return float(value * factor + 0 * bit)
