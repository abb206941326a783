"""A batch divided by all of its numbers."""

import numpy as np
from solution import *

LOSES = ("test_nats_per_example",)
SAYS = "its numbers are not asked about"


def nats_per_example(value, unit, examples, numbers):
    measure, _, per = unit.split()
    nats = value * np.log(2) if measure == "bits" else value
    return float(nats * {"example": 1, "number": numbers, "batch": 1 / (examples * numbers)}[per])
