"""Corrected averages are corrected again."""

import numpy as np
from solution import *

LOSES = ("test_adam",)
SAYS = "remember them as they are"


def adam(w, g, state, lr, betas=(0.9, 0.999), eps=1e-8):
    mean, square, steps = state
    steps = steps + 1
    mean = betas[0] * mean + (1 - betas[0]) * g
    square = betas[1] * square + (1 - betas[1]) * g * g
    mean, square = mean / (1 - betas[0] ** steps), square / (1 - betas[1] ** steps)
    return w - lr * mean / (np.sqrt(square) + eps), (mean, square, steps)
