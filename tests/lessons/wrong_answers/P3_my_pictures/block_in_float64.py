"""Zeros of no dtype fill the shortcut up."""

import numpy as np
from solution import *
from solution import block as solution_block

LOSES = ("test_block",)
SAYS = "expected float32 everywhere"


def block(layers, x):
    value, vjp = solution_block(layers, x)
    return value + np.zeros(value.shape), vjp
