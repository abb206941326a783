"""The slopes summed, as if g were 1."""

import numpy as np
from solution import *
from solution import unbroadcast

LOSES = ("test_matmul",)
SAYS = "g is missing"


def matmul(a, b):
    return a @ b, (
        lambda g: np.ones_like(g) @ b.T,
        lambda g: unbroadcast(a.swapaxes(-1, -2) @ np.ones_like(g), b.shape),
    )
