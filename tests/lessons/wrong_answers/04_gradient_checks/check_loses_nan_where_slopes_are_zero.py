"""Python's max keeps the first of two numbers if the second is NaN."""

import numpy as np
from solution import *

LOSES = ("test_check_looks_at_every_element",)
SAYS = "Python's max loses it"


def check(op, x, seed):
    x = x.astype(np.float64)
    value, (vjp,) = op(x)
    c = np.random.default_rng(seed).standard_normal(np.shape(value))
    gradient = vjp(c)
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = 1e-5
        slopes[place] = np.sum(c * (op(x + nudge)[0] - op(x - nudge)[0])) / 2e-5
    scale = max(np.abs(slopes).max(), np.abs(gradient).max())
    return float(np.abs(gradient - slopes).max() / scale) if scale else 0.0
