"""Examples and numbers exchanged."""

import numpy as np
from solution import *

LOSES = ("test_nats_per_example",)
SAYS = "examples and numbers are exchanged"


def nats_per_example(value, unit, examples, numbers):
    measure, _, per = unit.split()
    nats = value * np.log(2) if measure == "bits" else value
    return float(nats * {"example": 1, "number": examples, "batch": 1 / numbers}[per])
